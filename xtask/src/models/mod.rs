//! The models that see faces: taken from an npm package as TensorFlow.js graphs and written as ONNX, which `proctor` loads.
//!
//! Nothing binary lies in the repository. npm checks what it brings against `package-lock.json`; what is made of it is checked
//! against the digests below, so that every build sees with the same eyes.

mod convert;
mod graph;
mod onnx;
mod tensor;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use self::graph::Graph;
use crate::step;
use crate::tools;
use crate::workspace::Workspace;

const PACKAGE: &str = "@vladmandic/human";

/// One model: what to read, what to keep of it, and what must come out.
struct Model {
    name: &'static str,
    /// Pixels on each side of the square RGB input, 1×3×side×side.
    side: usize,
    /// The outputs that are kept, as the graph calls them and as the written model does. What none of them needs is left out.
    outputs: &'static [(&'static str, &'static str)],
    /// SHA-256 of the written model.
    digest: &'static str,
}

const MODELS: [Model; 3] = [
    Model {
        name: "blazeface",
        side: 256,
        outputs: &[
            ("Identity", "scores_16"),
            ("Identity_1", "scores_8"),
            ("Identity_2", "boxes_16"),
            ("Identity_3", "boxes_8"),
        ],
        digest: "5a8017762ffbbc699067d2d8bd3545c824106c2752c3d79c699fa5286c5b4ecf",
    },
    Model {
        name: "facemesh",
        side: 192,
        outputs: &[("Identity_1", "face"), ("Identity_2", "mesh")],
        digest: "4c36bdb8d52fe2d95e963b0f513928b3be83d18f27b3fbdc364822f612d0c135",
    },
    // Its guesses at age and gender are cut off.
    Model {
        name: "faceres",
        side: 224,
        outputs: &[("global_pooling/Mean", "embedding")],
        digest: "c28cd6d7a21644473eaebb2c025643a6577c2a33c74a740536f113cab898562b",
    },
];

fn path(workspace: &Workspace, name: &str) -> PathBuf {
    directory(workspace).join(format!("{name}.onnx"))
}

/// Writes the models into `target/models`; those that are there and right stay.
pub fn make(workspace: &Workspace) -> Result<()> {
    let outcome = |made: &usize| if *made == 0 { "up to date".to_owned() } else { format!("{made} converted") };
    if MODELS.iter().all(|model| is_right(&path(workspace, model.name), model)) {
        return Ok(());
    }
    tools::npm_packages(workspace)?;
    step::quiet("Vision models", outcome, || {
        fs::create_dir_all(directory(workspace))?;
        let mut made = 0;
        for model in &MODELS {
            let file = path(workspace, model.name);
            if !is_right(&file, model) {
                write(workspace, model, &file).with_context(|| format!("converting the model {}", model.name))?;
                made += 1;
            }
        }
        Ok(made)
    })?;
    Ok(())
}

fn write(workspace: &Workspace, model: &Model, file: &Path) -> Result<()> {
    let source = workspace.node_modules().join(PACKAGE).join("models");
    let graph = Graph::read(&source, model.name)?;
    let bytes = convert::to_onnx(&graph, model.name, model.side, model.outputs)?;
    let digest = hex(&bytes);
    ensure!(digest == model.digest, "its SHA-256 is {digest}, and should be {}", model.digest);
    let draft = file.with_extension("new");
    fs::write(&draft, bytes)?;
    fs::rename(&draft, file).with_context(|| format!("writing {}", file.display()))
}

fn is_right(file: &Path, model: &Model) -> bool {
    fs::read(file).is_ok_and(|bytes| hex(&bytes) == model.digest)
}

/// The SHA-256 of some bytes.
pub fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the models lie.
pub fn directory(workspace: &Workspace) -> PathBuf {
    workspace.target.join("models")
}
