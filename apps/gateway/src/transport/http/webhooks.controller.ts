import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseInterceptors } from '@nestjs/common';
import { z } from 'zod';
import { type Webhook, WEBHOOK_EVENTS } from '../../core/webhooks/webhook.js';
import { WebhookService } from '../../core/webhooks/webhook.service.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { seconds } from './list.schema.js';
import { json, Operation } from './openapi/operation.js';
import { parseRequest } from './parse.js';
import { TenantId } from './tenant-id.js';

const event = z.enum(WEBHOOK_EVENTS);
const webhookRequest = z.strictObject({ url: z.string().max(2_000), events: z.array(event).min(1) }).meta({ id: 'WebhookRequest' });
const webhookObject = z
  .object({
    id: z.string(),
    object: z.literal('webhook'),
    created_at: seconds,
    url: z.string(),
    events: z.array(event),
    status: z.enum(['enabled', 'disabled']).describe('A receiver that answers 410 disables its webhook'),
    secret: z.string().optional().describe('For the Standard Webhooks libraries; shown once'),
  })
  .meta({ id: 'Webhook' });
const webhookList = z.object({ object: z.literal('list'), data: z.array(webhookObject) }).meta({ id: 'WebhookList' });
const webhookDeleted = z.object({ id: z.string(), object: z.literal('webhook.deleted'), deleted: z.literal(true) }).meta({ id: 'WebhookDeleted' });

/** `/v1/webhooks` (extension). */
@Controller('v1/webhooks')
@UseInterceptors(IdempotencyInterceptor)
export class WebhooksController {
  constructor(private readonly webhooks: WebhookService) {}

  @Post()
  @HttpCode(200)
  @Operation({ id: 'createWebhook', tag: 'webhooks', summary: 'Hear of what happens (extension)', json: webhookRequest, answers: { 200: json(webhookObject, 'The webhook with its secret') } })
  async create(@Body() body: unknown, @TenantId() tenantId: string): Promise<z.output<typeof webhookObject>> {
    const { url, events } = parseRequest(webhookRequest, body);
    const webhook = await this.webhooks.add(tenantId, url, [...new Set(events)]);
    return { ...toWebhookObject(webhook), secret: webhook.secret };
  }

  @Get()
  @Operation({ id: 'listWebhooks', tag: 'webhooks', summary: 'List webhooks (extension)', answers: { 200: json(webhookList, 'Every webhook') } })
  async list(@TenantId() tenantId: string) {
    return { object: 'list', data: (await this.webhooks.list(tenantId)).map(toWebhookObject) };
  }

  @Get(':id')
  @Operation({ id: 'getWebhook', tag: 'webhooks', summary: 'Look at a webhook (extension)', answers: { 200: json(webhookObject, 'The webhook') } })
  async get(@Param('id') id: string, @TenantId() tenantId: string) {
    return toWebhookObject(await this.webhooks.get(tenantId, id));
  }

  @Delete(':id')
  @Operation({ id: 'deleteWebhook', tag: 'webhooks', summary: 'Hear of nothing any more (extension)', answers: { 200: json(webhookDeleted, 'It is gone') } })
  async remove(@Param('id') id: string, @TenantId() tenantId: string) {
    await this.webhooks.remove(tenantId, id);
    return { id, object: 'webhook.deleted', deleted: true } as const;
  }
}

function toWebhookObject({ id, url, events, status, createdAtMs }: Webhook): z.output<typeof webhookObject> {
  return { id, object: 'webhook', created_at: Math.floor(createdAtMs / 1_000), url, events: [...events], status };
}
