import { cudaFailure } from './cuda-failure.js';
import { refusalOf, unavailable } from './refusal.js';

const CALL = 'std::conditional_t<THRW, void, onnxruntime::common::Status> onnxruntime::CudaCall(ERRTYPE, const char*, const char*, SUCCTYPE, const char*, const char*, int) [with ERRTYPE = cudaError; bool THRW = true; SUCCTYPE = cudaError; std::conditional_t<THRW, void, common::Status> = void]';
// Word for word what ONNX Runtime 1.30 throws on a machine whose card is hidden.
const raw = (failure: string, call: string) => `/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:154 ${CALL} /onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:146 ${CALL} ${failure} ; GPU=-1 ; hostname=vm ; file=/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_execution_provider.cc ; line=352 ; expr=${call}; \n\n`;
const HIDDEN = raw('CUDA failure 100: no CUDA-capable device is detected', 'cudaSetDevice(info_.device_id)');

describe('what the runtime says of CUDA', () => {
  it('is its own words, the number, the call and what to do', () => {
    expect(cudaFailure(HIDDEN)).toBe('no CUDA-capable device is detected (CUDA failure 100 of cudaSetDevice); give this process a card: a pool with GPUs, and no CUDA_VISIBLE_DEVICES that hides them');
    expect(cudaFailure(raw('CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version', 'cudaSetDevice(info_.device_id)'))).toMatch(/^CUDA driver version is insufficient .*update the driver$/);
  });

  it('names the library, and advises nothing where nothing is known', () => {
    expect(cudaFailure(raw('CUDNN failure 2: CUDNN_STATUS_ALLOC_FAILED', 'cudnnCreate(&cudnn_handle_)'))).toBe('CUDNN_STATUS_ALLOC_FAILED (CUDNN failure 2 of cudnnCreate)');
    expect(cudaFailure(raw('CUDA failure 999: unknown error', 'cudaSetDevice(0)'))).toBe('unknown error (CUDA failure 999 of cudaSetDevice)');
    expect(cudaFailure('CUDA failure 46: all devices are busy ; GPU=0')).toBe('all devices are busy (CUDA failure 46)');
  });

  it('stays whole, on one line, where it is no failure of a call', () => {
    expect(cudaFailure('Load model from x.onnx failed:\n  Protobuf parsing failed.\n')).toBe('Load model from x.onnx failed: Protobuf parsing failed.');
  });
});

describe('a graph that no provider opens', () => {
  const hidden = new Error(HIDDEN);

  it('says which graph, which provider and why, and keeps what the runtime threw', () => {
    const { code, message, cause } = unavailable('vision.onnx', [refusalOf('cuda', hidden)]);
    expect({ code, cause }).toEqual({ code: 'model_unavailable', cause: hidden });
    expect(message).toMatch(/^The model vision\.onnx cannot be loaded\. cuda: no CUDA-capable device is detected \(.*\); give this process a card: .*Mend that, or set GPT4VIDEO_EXECUTION_PROVIDERS to what there is: cpu$/);
    expect(message).not.toMatch(/onnxruntime_src|hostname|\n/);
  });

  it('names the library of the system that is missing, where the runtime does not', () => {
    const { why } = refusalOf('cuda', new Error('OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library'));
    expect(why).toMatch(/libcuda\.so\.1 comes with|its own words are on standard error/);
  });

  it('keeps the words of CUDA when the processor refused too, whose words are in the message', () => {
    const { message, cause } = unavailable('vision.onnx', [refusalOf('cuda', hidden), refusalOf('cpu', new Error('Protobuf parsing failed'))]);
    expect(cause).toBe(hidden);
    expect(message).toContain('; cpu: Protobuf parsing failed.');
  });
});
