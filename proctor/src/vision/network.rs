//! A network and how it is run.

use std::sync::Arc;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value, op_registry};
use rten_tensor::AsView;

use super::VisionError;

#[derive(Clone)]
pub struct Network<const OUTPUTS: usize> {
    /// The same for all clones.
    model: Arc<Model>,
    input: NodeId,
    outputs: [NodeId; OUTPUTS],
    side: usize,
    threads: Option<Arc<ThreadPool>>,
}

impl<const OUTPUTS: usize> Network<OUTPUTS> {
    /// Reads an ONNX file whose input is 1×3×`side`×`side`.
    ///
    /// # Errors
    /// `BadModel` where the bytes are no model, one with operators beyond the few that are built in, or one without these outputs.
    pub fn read(bytes: Vec<u8>, side: usize, outputs: [&str; OUTPUTS]) -> Result<Self, VisionError> {
        // Naming each keeps all the others out of what a browser loads.
        #[cfg(not(feature = "identity"))]
        let operators = op_registry!(Add, Conv, Identity, MaxPool, Pad, PRelu, Relu, Reshape, Sigmoid, Transpose);
        #[cfg(feature = "identity")]
        let operators = op_registry!(
            Add, Conv, Identity, Max, MaxPool, Min, Pad, PRelu, ReduceMean, Relu, Reshape, Sigmoid, Transpose
        );
        let model = ModelOptions::with_ops(operators).prepack_weights(true).load(bytes);
        let model = model.map_err(|error| VisionError::BadModel(error.to_string()))?;
        let node = |name: &str| model.node_id(name).map_err(|error| VisionError::BadModel(error.to_string()));
        let mut ids = Vec::with_capacity(OUTPUTS);
        for name in outputs {
            ids.push(node(name)?);
        }
        let input = node("input")?;
        let outputs = ids.try_into().map_err(|_| VisionError::BadModel("too few outputs".to_owned()))?;
        Ok(Self { model: Arc::new(model), input, outputs, side, threads: None })
    }

    /// Runs on threads of this pool instead of all of the machine's.
    pub fn set_threads(&mut self, threads: Arc<ThreadPool>) {
        self.threads = Some(threads);
    }

    /// The numbers of each output for one input.
    pub fn run(&self, pixels: Vec<f32>) -> Result<[Vec<f32>; OUTPUTS], VisionError> {
        let failed = |error: String| VisionError::Failed(error);
        let input = Value::from_shape([1, 3, self.side, self.side].as_slice(), pixels)
            .map_err(|error| failed(error.to_string()))?;
        let options = RunOptions::default().with_thread_pool(self.threads.clone());
        let outputs = self.model.run_n(vec![(self.input, input.into())], self.outputs, Some(options));
        let mut numbers = Vec::with_capacity(OUTPUTS);
        for output in outputs.map_err(|error| failed(error.to_string()))? {
            let tensor: rten_tensor::Tensor<f32> =
                output.try_into().map_err(|_| failed("an output has no numbers".to_owned()))?;
            numbers.push(tensor.to_vec());
        }
        numbers.try_into().map_err(|_| failed("an output is missing".to_owned()))
    }
}
