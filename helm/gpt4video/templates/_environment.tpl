{{/* Name of the variable that holds a field: maxBatchFrames → GPT4VIDEO_MAX_BATCH_FRAMES. */}}
{{- define "gpt4video.variable" -}}
GPT4VIDEO_{{ snakecase . | upper }}
{{- end }}

{{/* Environment of a service, as list items. Takes (dict "root" $ "name" service "app" its line in the catalog). */}}
{{- define "gpt4video.environment" -}}
{{- $values := .root.Values }}
{{- $service := index $values.services .name }}
- {name: GPT4VIDEO_GRPC_PORT, value: "50051"}
- {name: GPT4VIDEO_HEALTH_PORT, value: "9090"}
- {name: GPT4VIDEO_LOG_LEVEL, value: {{ $values.telemetry.logLevel | quote }}}
- {name: GPT4VIDEO_TRACE_RATIO, value: {{ $values.telemetry.traceRatio | quote }}}
- {name: GPT4VIDEO_DRAIN_MS, value: {{ $service.drainMs | int64 | quote }}}
- {name: GPT4VIDEO_BUNDLE_FOLDER, value: /models/bundle}
{{- with $values.telemetry.otlpEndpoint }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }}}
{{- end }}
{{- if .app.http }}
- {name: GPT4VIDEO_HTTP_PORT, value: "8080"}
- {name: GPT4VIDEO_PAGE_DIRECTORY, value: /app/apps/web/dist}
{{- end }}
{{- if .app.models }}
- {name: GPT4VIDEO_MODEL_CACHE, value: /models/cache}
{{- end }}
{{- if .app.computes }}
- {name: GPT4VIDEO_EXECUTION_PROVIDERS, value: {{ join "," (default (list "cpu") (index $values.pools $service.pool).executionProviders) | quote }}}
{{- end }}
{{- if .app.database }}
- {name: GPT4VIDEO_DATABASE_URL, valueFrom: {secretKeyRef: {{ toJson $values.database.urlSecret }}}}
{{- end }}
{{- if .app.objects }}
{{- $objects := $values.objects }}
- {name: GPT4VIDEO_OBJECT_STORE, value: s3}
- {name: GPT4VIDEO_S3_ENDPOINT, value: {{ $objects.endpoint | quote }}}
- {name: GPT4VIDEO_S3_REGION, value: {{ $objects.region | quote }}}
- {name: GPT4VIDEO_S3_BUCKET, value: {{ $objects.bucket | quote }}}
- {name: GPT4VIDEO_S3_PATH_STYLE, value: {{ $objects.pathStyle | quote }}}
- {name: GPT4VIDEO_S3_ACCESS_KEY, valueFrom: {secretKeyRef: {name: {{ $objects.secret }}, key: {{ $objects.accessKeyKey }}}}}
- {name: GPT4VIDEO_S3_SECRET_KEY, valueFrom: {secretKeyRef: {name: {{ $objects.secret }}, key: {{ $objects.secretKeyKey }}}}}
{{- end }}
{{- if or .app.publishes .app.consumes }}
{{- $facts := $values.facts }}
{{- if and $values.pullOnly (not .app.database) }}
- {name: GPT4VIDEO_EVENT_BUS, value: in-process}
{{- else }}
- {name: GPT4VIDEO_EVENT_BUS, value: kafka}
- {name: GPT4VIDEO_KAFKA_BROKERS, value: {{ join "," $facts.brokers | quote }}}
- {name: GPT4VIDEO_KAFKA_PREFIX, value: {{ $facts.prefix | quote }}}
- {name: GPT4VIDEO_KAFKA_PARTITIONS, value: {{ $facts.partitions | int64 | quote }}}
- {name: GPT4VIDEO_KAFKA_REPLICATION, value: {{ $facts.replication | int64 | quote }}}
- {name: GPT4VIDEO_KAFKA_TLS, value: {{ $facts.tls | quote }}}
{{- if $facts.sasl.secret }}
- {name: GPT4VIDEO_KAFKA_SASL_MECHANISM, value: {{ $facts.sasl.mechanism }}}
- {name: GPT4VIDEO_KAFKA_USERNAME, valueFrom: {secretKeyRef: {name: {{ $facts.sasl.secret }}, key: {{ $facts.sasl.usernameKey }}}}}
- {name: GPT4VIDEO_KAFKA_PASSWORD, valueFrom: {secretKeyRef: {name: {{ $facts.sasl.secret }}, key: {{ $facts.sasl.passwordKey }}}}}
{{- end }}
{{- end }}
{{- end }}
{{- if and .app.http $values.publicApi.bootstrapKeySecret.name }}
- {name: GPT4VIDEO_BOOTSTRAP_KEY, valueFrom: {secretKeyRef: {{ toJson $values.publicApi.bootstrapKeySecret }}}}
{{- end }}
{{- if and .app.http $values.publicApi.adminKeySecret.name }}
- {name: GPT4VIDEO_ADMIN_KEY, valueFrom: {secretKeyRef: {{ toJson $values.publicApi.adminKeySecret }}}}
{{- end }}
{{- range $field, $callee := .app.calls }}
- {name: {{ include "gpt4video.variable" $field }}, value: {{ include "gpt4video.address" (dict "root" $.root "name" $callee) | quote }}}
{{- end }}
{{- if .app.knowsFilms }}
{{- with $values.provenance.secret }}
- {name: GPT4VIDEO_PROVENANCE_CERTIFICATES, valueFrom: {secretKeyRef: {name: {{ . }}, key: tls.crt}}}
- {name: GPT4VIDEO_WATERMARK_KEYS, valueFrom: {secretKeyRef: {name: {{ . }}, key: watermark-keys}}}
{{- if $.app.signsFilms }}
- {name: GPT4VIDEO_PROVENANCE_KEY, valueFrom: {secretKeyRef: {name: {{ . }}, key: tls.key}}}
{{- end }}
{{- end }}
- {name: GPT4VIDEO_PROVENANCE_FOLDER, value: /tmp/provenance}
{{- end }}
{{- with .app.podName }}
- {name: {{ include "gpt4video.variable" . }}, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
{{- end }}
{{- range $field, $value := $service.config }}
- {name: {{ include "gpt4video.variable" $field }}, value: {{ ternary ($value | toJson | trimAll "\"") (join "," $value) (not (kindIs "slice" $value)) | quote }}}
{{- end }}
{{- end }}
