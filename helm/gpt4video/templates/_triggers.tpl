{{/* Triggers of a ScaledObject, one for each word of `scaleOn` in the catalog. Each takes (dict "root" $ "name" service "app" catalog line "target" values). */}}

{{/* Facts that wait in Kafka, for the push chain. Those set aside for a later attempt wait on purpose and do not count. */}}
{{- define "gpt4video.trigger.lag" -}}
{{- $facts := .root.Values.facts }}
{{- if not .root.Values.pullOnly }}
{{- $group := printf "%s%s" $facts.prefix .name }}
{{- range $topic := .app.consumes }}
- type: kafka
  metricType: AverageValue
  metadata:
    bootstrapServers: {{ join "," $facts.brokers | quote }}
    consumerGroup: {{ $group | quote }}
    topic: {{ printf "%s%s" $facts.prefix $topic | quote }}
    lagThreshold: {{ $.target.lag | int64 | quote }}
    offsetResetPolicy: earliest
    allowIdleConsumers: "false"
    tls: {{ ternary "enable" "disable" $facts.tls | quote }}
    {{- if $facts.sasl.secret }}
    sasl: {{ index (dict "plain" "plaintext" "scram-sha-256" "scram_sha256" "scram-sha-512" "scram_sha512") $facts.sasl.mechanism | quote }}
  authenticationRef: {name: {{ include "gpt4video.fullname" $.root }}-facts}
    {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Calls being served, for the pull chain. */}}
{{- define "gpt4video.trigger.calls" -}}
{{- include "gpt4video.trigger.query" (dict "root" .root "threshold" .target.calls "query" (printf `sum(gpt4video_rpc_in_flight{namespace="%s",job="%s"})` .root.Release.Namespace .name)) }}
{{- end }}

{{/* Chat turns being answered. */}}
{{- define "gpt4video.trigger.turns" -}}
{{- include "gpt4video.trigger.query" (dict "root" .root "threshold" .target.turns "query" (printf `sum(gpt4video_gateway_turns_active{namespace="%s"})` .root.Release.Namespace)) }}
{{- end }}

{{/* Films queued and being made, weighed by how long the oldest has waited: twice the target age wants twice the pods. Every gateway reports the same table, hence max. */}}
{{- define "gpt4video.trigger.films" -}}
{{- $namespace := .root.Release.Namespace }}
{{- $depth := printf `sum(max by (state) (gpt4video_gateway_queue_depth{namespace="%s"}))` $namespace }}
{{- $urgency := printf `clamp_min(max(gpt4video_gateway_queue_oldest_seconds{namespace="%s"}) / %v, 1)` $namespace (.target.queuedSeconds | int64) }}
{{- include "gpt4video.trigger.query" (dict "root" .root "threshold" .target.queued "query" (printf "%s * %s" $depth $urgency)) }}
{{- end }}

{{- define "gpt4video.trigger.query" -}}
- type: prometheus
  metricType: AverageValue
  metadata:
    serverAddress: {{ .root.Values.scaling.prometheus | quote }}
    query: {{ .query | quote }}
    threshold: {{ .threshold | int64 | quote }}
    # No data is a fault, not zero work.
    ignoreNullValues: "false"
{{- end }}
