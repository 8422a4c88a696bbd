{{/*
One service: Deployment, Service, PodDisruptionBudget, ServiceAccount.
Takes (dict "root" $ "name" service "app" its line in the catalog).
*/}}
{{- define "gpt4video.workload" -}}
{{- $values := .root.Values }}
{{- $service := index $values.services .name }}
{{- $pool := index $values.pools $service.pool }}
{{- $fullname := printf "%s-%s" (include "gpt4video.fullname" .root) .name }}
{{- $here := merge (dict "service" $service "pool" $pool "poolName" $service.pool) . }}
{{- $selector := include "gpt4video.selector" $here | fromYaml | toJson }}
{{- $labels := merge (include "gpt4video.selector" $here | fromYaml) (include "gpt4video.labels" .root | fromYaml) }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $fullname }}
  labels: {{ toJson $labels }}
spec:
  {{- if not $values.scaling.enabled }}
  replicas: {{ $service.replicas.min | int64 }}
  {{- end }}
  revisionHistoryLimit: 5
  # Longer than a start may take, so that a slow model is no failed rollout.
  progressDeadlineSeconds: {{ add ($service.startSeconds | int64) 300 }}
  selector: {matchLabels: {{ $selector }}}
  strategy: {type: RollingUpdate, rollingUpdate: {{ toJson $pool.rollout }}}
  template:
    metadata:
      labels: {{ merge (dict "gpt4video/pool" $service.pool) $labels | toJson }}
      annotations:
        cluster-autoscaler.kubernetes.io/safe-to-evict: {{ ternary "false" "true" (has "films" .app.scaleOn) | quote }}
        {{- if has "films" .app.scaleOn }}
        karpenter.sh/do-not-disrupt: "true"
        {{- end }}
    spec:
      serviceAccountName: {{ $fullname }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      priorityClassName: {{ index $values.priorityClasses $service.priority }}
      # preStop, the four phases of the shutdown, and a margin.
      terminationGracePeriodSeconds: {{ add ($values.preStopSeconds | int64) (div (mul 4 ($service.drainMs | int64)) 1000) 10 }}
      securityContext: {{ include "gpt4video.podSecurity" .root | nindent 8 }}
      {{- with $values.image.pullSecrets }}
      imagePullSecrets: {{ range . }}
        - name: {{ . }}
      {{- end }}
      {{- end }}
      {{- include "gpt4video.placement" $here | nindent 6 }}
      volumes: {{ include "gpt4video.volumes" $here | nindent 8 }}
      {{- if eq $values.bundle.source "s3" }}
      initContainers: {{ include "gpt4video.fetchBundle" $here | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .name }}
          image: {{ include "gpt4video.image" $here | quote }}
          imagePullPolicy: {{ $values.image.pullPolicy }}
          securityContext: {{ include "gpt4video.containerSecurity" .root | nindent 12 }}
          env: {{ include "gpt4video.environment" $here | nindent 12 }}
          ports:
            - {name: grpc, containerPort: 50051}
            - {name: health, containerPort: 9090}
            {{- if .app.http }}
            - {name: http, containerPort: 8080}
            {{- end }}
          # Ready means: models loaded and warm. Until then nothing else is asked.
          startupProbe: {httpGet: {path: /health/ready, port: health}, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: {{ div (add ($service.startSeconds | int64) 4) 5 }}}
          # gRPC's own health service, which turns NOT_SERVING as soon as the process drains.
          readinessProbe: {grpc: {port: 50051}, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2}
          # Never asks for work: a busy GPU is no reason for a restart.
          livenessProbe: {httpGet: {path: /health/live, port: health}, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6}
          lifecycle: {preStop: {sleep: {seconds: {{ $values.preStopSeconds | int64 }}}}}
          resources: {{ include "gpt4video.resources" $here | nindent 12 }}
          volumeMounts: {{ include "gpt4video.mounts" $here | nindent 12 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $fullname }}
  labels: {{ toJson $labels }}
spec:
  # Without an address of its own, so that gRPC clients see every pod and spread their calls.
  clusterIP: None
  selector: {{ $selector }}
  ports:
    - {name: grpc, port: 50051, targetPort: grpc, appProtocol: kubernetes.io/h2c}
{{- if .app.http }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $fullname }}-http
  labels: {{ toJson $labels }}
spec:
  selector: {{ $selector }}
  ports:
    - {name: http, port: 80, targetPort: http}
{{- end }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $fullname }}
  labels: {{ toJson $labels }}
spec:
  maxUnavailable: 1
  # A pod that is not ready protects nothing.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector: {matchLabels: {{ $selector }}}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $fullname }}
  labels: {{ toJson $labels }}
automountServiceAccountToken: false
{{- end }}
