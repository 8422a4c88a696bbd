{{/* Name of the release's objects: {release}, or {release}-gpt4video when the release is called otherwise. */}}
{{- define "gpt4video.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* Labels of every object. */}}
{{- define "gpt4video.labels" -}}
app.kubernetes.io/part-of: gpt4video
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* Labels that select a service's pods. Takes (dict "root" $ "name" service). */}}
{{- define "gpt4video.selector" -}}
app.kubernetes.io/part-of: gpt4video
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{/* Image of a service. Takes (dict "root" $ "name" service "pool" pool). */}}
{{- define "gpt4video.image" -}}
{{- $image := .root.Values.image }}
{{- $suffix := ternary "" $image.gpuSuffix (eq .pool.gpu.kind "none") }}
{{- $digest := index $image.digests .name }}
{{- printf "%s/%s:%s%s" $image.registry .name (default .root.Chart.AppVersion $image.tag) $suffix }}{{ with $digest }}@{{ . }}{{ end }}
{{- end }}

{{/* host:port of a service for its callers. Takes (dict "root" $ "name" service). */}}
{{- define "gpt4video.address" -}}
{{- $service := index .root.Values.services .name }}
{{- if $service.enabled }}{{ printf "%s-%s:50051" (include "gpt4video.fullname" .root) .name }}{{ else }}{{ $service.address }}{{ end }}
{{- end }}
