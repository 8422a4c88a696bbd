import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { OpenApiDocument } from './openapi-document.js';
import { json, Operation } from './operation.js';

const document = z.looseObject({ openapi: z.literal('3.1.0') }).describe('An OpenAPI 3.1 document');

/** `GET /openapi.json`: what this server can do, made of its own routes. */
@Controller('openapi.json')
export class OpenApiController {
  constructor(private readonly document: OpenApiDocument) {}

  @Get()
  @Operation({ id: 'getOpenApi', tag: 'service', summary: 'This description', open: true, answers: { 200: json(document, 'The description') } })
  get() {
    return this.document.get();
  }
}
