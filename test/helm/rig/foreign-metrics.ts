/** Series that others make and our rules and dashboards may read, with what makes them. */
export const FOREIGN_METRICS: Readonly<Record<string, readonly string[]>> = {
  'kube-state-metrics': [
    'kube_deployment_status_replicas_available',
    'kube_deployment_spec_replicas',
    'kube_pod_container_status_restarts_total',
    'kube_horizontalpodautoscaler_status_desired_replicas',
    'kube_horizontalpodautoscaler_spec_max_replicas',
    'kube_pod_status_phase',
    'kube_pod_container_resource_limits',
    'kube_node_status_allocatable',
  ],
  cadvisor: ['container_memory_working_set_bytes'],
  'prom-client': ['nodejs_eventloop_lag_p99_seconds', 'process_cpu_seconds_total', 'process_resident_memory_bytes'],
  'dcgm-exporter': ['DCGM_FI_DEV_XID_ERRORS', 'DCGM_FI_DEV_FB_USED', 'DCGM_FI_DEV_FB_FREE', 'DCGM_FI_DEV_GPU_TEMP', 'DCGM_FI_DEV_POWER_USAGE', 'DCGM_FI_DEV_DEC_UTIL', 'DCGM_FI_PROF_GR_ENGINE_ACTIVE', 'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE'],
  minio: ['minio_cluster_capacity_usable_free_bytes', 'minio_cluster_capacity_usable_total_bytes'],
};
