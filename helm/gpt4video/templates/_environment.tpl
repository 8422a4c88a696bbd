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
- {name: GPT4VIDEO_DRAIN_MS, value: {{ $service.drainMs | int64 | quote }}}
- {name: GPT4VIDEO_BUNDLE_FOLDER, value: /models/bundle}
{{- with $values.telemetry.otlpEndpoint }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }}}
{{- end }}
{{- if .app.http }}
- {name: GPT4VIDEO_HTTP_PORT, value: "8080"}
{{- end }}
{{- if .app.models }}
- {name: GPT4VIDEO_MODEL_CACHE, value: /models/cache}
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
{{- if and .app.http $values.publicApi.bootstrapKeySecret.name }}
- {name: GPT4VIDEO_BOOTSTRAP_KEY, valueFrom: {secretKeyRef: {{ toJson $values.publicApi.bootstrapKeySecret }}}}
{{- end }}
{{- range $field, $callee := .app.calls }}
- {name: {{ include "gpt4video.variable" $field }}, value: {{ include "gpt4video.address" (dict "root" $.root "name" $callee) | quote }}}
{{- end }}
{{- with .app.podName }}
- {name: {{ include "gpt4video.variable" . }}, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
{{- end }}
{{- range $field, $value := $service.config }}
- {name: {{ include "gpt4video.variable" $field }}, value: {{ ternary ($value | int64 | toString) ($value | toString) (kindIs "float64" $value) | quote }}}
{{- end }}
{{- end }}
