// Use, saturation and errors of the GPUs, by service and by card.
import { dashboard, graph } from '../dashboard.mjs';

const NS = 'namespace="$namespace"';

export const gpuPools = () => dashboard({
  uid: 'gpu-pools',
  title: 'GPU pools',
  rows: {
    Use: [
      graph('Engine active, by service', 'percentunit', { '{{service}}': `gpt4video:gpu_engine_active:avg{${NS}}` }),
      graph('Tensor cores active', 'percentunit', { '{{pod}} {{gpu}}': `DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{${NS}}` }),
      graph('Models by what computes them', 'short', { '{{job}} {{provider}}': `sum by (job, provider) (gpt4video_model_execution_provider{${NS}})` }),
      graph('Video decoder', 'percent', { '{{pod}} {{gpu}}': `DCGM_FI_DEV_DEC_UTIL{${NS}}` }),
    ],
    Saturation: [
      graph('Memory in use', 'percentunit', { '{{pod}} {{gpu}}': `gpt4video:gpu_memory_used:ratio{${NS}}` }),
      graph('Pods that want a node', 'short', { pending: `sum (kube_pod_status_phase{${NS},phase="Pending"})` }),
      graph('GPUs that nodes offer', 'short', { '{{node}}': 'sum by (node) (kube_node_status_allocatable{resource="nvidia_com_gpu"})' }),
    ],
    Errors: [
      graph('Last XID', 'none', { '{{Hostname}} {{gpu}}': `DCGM_FI_DEV_XID_ERRORS{${NS}}` }),
      graph('Temperature', 'celsius', { '{{Hostname}} {{gpu}}': `DCGM_FI_DEV_GPU_TEMP{${NS}}` }),
      graph('Power', 'watt', { '{{Hostname}} {{gpu}}': `DCGM_FI_DEV_POWER_USAGE{${NS}}` }),
    ],
  },
});
