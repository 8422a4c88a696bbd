{{/* The peers of a rule; none named means any address. Takes (dict "side" "from"|"to" "peers" list). */}}
{{- define "gpt4video.peers" -}}
{{ .side }}: {{ toJson .peers }}
{{- end }}

{{/* Port of a URL or host:port: its own, or its scheme's. */}}
{{- define "gpt4video.port" -}}
{{- $own := regexFind ":[0-9]+(/|$)" . | trimPrefix ":" | trimSuffix "/" }}
{{- if $own }}{{ $own }}{{ else if hasPrefix "http:" . }}80{{ else }}443{{ end }}
{{- end }}

{{/* Ports of the Kafka brokers, each once. */}}
{{- define "gpt4video.brokerPorts" -}}
{{- $ports := list }}
{{- range .Values.facts.brokers }}{{ $ports = append $ports (dict "protocol" "TCP" "port" (include "gpt4video.port" . | int64)) }}{{ end }}
{{- uniq $ports | toJson }}
{{- end }}
