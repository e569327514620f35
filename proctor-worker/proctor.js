// The Web Worker's script. It is sent {rgba: ArrayBuffer, width, height} for each frame and answers with what was seen, as JSON;
// until {ready: true} came nothing is to be sent, and {error} says that there will be no seeing.
import init, { Watch } from "worker-build/proctor_worker.js";
import module from "worker-build/proctor_worker_bg.wasm";
import blazeface from "vision-models/blazeface.onnx";
import facemesh from "vision-models/facemesh.onnx";

const bytes = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
};

try {
  const [first, second] = await Promise.all([bytes(blazeface), bytes(facemesh), init({ module_or_path: module })]);
  const watch = new Watch(first, second);
  self.onmessage = ({ data: { rgba, width, height } }) => {
    try {
      self.postMessage(watch.look(new Uint8Array(rgba), width, height));
    } catch (error) {
      self.postMessage({ error: String(error) });
    }
  };
  self.postMessage({ ready: true });
} catch (error) {
  self.postMessage({ error: String(error) });
}
