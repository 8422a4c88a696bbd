import { HADOLINT_INSTALLATION } from './hadolint.js';
import { HELM_INSTALLATION } from './helm.js';
import type { Installation } from './install-once.js';
import { KAFKA } from './kafka-install.js';
import { MINIO } from './minio.js';
import { OPERATOR_SCHEMAS } from './operator-schemas.js';
import { OTEL_COLLECTOR } from './otel-collector-install.js';
import { PROMETHEUS } from './prometheus-install.js';
import { PYTHON_CLIENTS } from './python-clients.js';
import { TOXIPROXY } from './toxiproxy.js';

/** Every server, client and tool that tests and the cluster start, in the order of their cost. Postgres comes with `npm ci`. */
export const INSTALLATIONS: readonly Installation[] = [HELM_INSTALLATION, HADOLINT_INSTALLATION, OPERATOR_SCHEMAS, PYTHON_CLIENTS, PROMETHEUS, KAFKA, TOXIPROXY, OTEL_COLLECTOR, MINIO];
