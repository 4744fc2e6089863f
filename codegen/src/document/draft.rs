//! A document as it was written, with the option to leave out parts before it is used.

use std::collections::HashSet;

use super::{
    Document, File, Input,
    diagnostic::Diagnostic,
    error::Error,
    locate, naming,
    naming::OperationName,
    read,
    tree::Node,
    upgrade,
    usage::{Part, Usage},
    version::{self, Version},
};

/// A document as it was written, with a name for each operation.
#[derive(Debug)]
pub(crate) struct Draft {
    root: Node,
    version: Version,
    names: Vec<OperationName>,
}

/// A part of the document that is not generated.
#[derive(Debug)]
pub(crate) struct LeftOutPart {
    pub(crate) part: Part,
    /// The name of an operation.
    pub(crate) operation: Option<OperationName>,
    /// The problems, with their positions.
    pub(crate) problems: Vec<Diagnostic>,
}

impl Draft {
    /// Reads the document of an input, changed by its overlay.
    ///
    /// # Errors
    ///
    /// A text is not a single document of YAML or JSON, the version of OpenAPI is not known, or the overlay cannot be applied.
    pub(crate) fn read(input: &Input<'_>) -> Result<Self, Error> {
        let root = read(input)?;
        let version = version::check(&root).map_err(|diagnostic| located(&root, vec![diagnostic]))?;
        let names = naming::names(&root);
        Ok(Self { root, version, names })
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    pub(crate) fn root_mut(&mut self) -> &mut Node {
        &mut self.root
    }

    /// Gives the operation at this index of [`operations`](Self::operations) another name.
    pub(crate) fn rename(&mut self, index: usize, name: &str) {
        let root = &self.root;
        let mut operations = self.names.iter_mut().filter(|operation| root.follow(&operation.pointer).is_some());
        if let Some(operation) = operations.nth(index) {
            name.clone_into(&mut operation.name);
        }
    }

    /// Removes all operations but those at these pointers, and the components that only others use.
    pub(crate) fn keep(&mut self, operations: &HashSet<String>) {
        for pointer in Usage::of(&self.root).except(operations) {
            self.root.remove(&pointer);
        }
    }

    /// The operations that are not left out, in the order of the document.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &OperationName> {
        self.names.iter().filter(|operation| self.root.follow(&operation.pointer).is_some())
    }

    /// Converts the document into the form of OpenAPI 3.0, in which each operation has its name as the id.
    ///
    /// # Errors
    ///
    /// OpenAPI 3.0 cannot express a part of it, or two operations have one name.
    pub(crate) fn document(&self) -> Result<Document, Vec<Diagnostic>> {
        let operations: Vec<_> = self.operations().cloned().collect();
        let mut diagnostics = naming::clashes(&self.root, &operations);
        let mut root = self.root.clone();
        naming::write(&mut root, &operations);
        if self.version == Version::V3_1 {
            diagnostics.extend(upgrade::upgrade(&mut root));
        }
        if diagnostics.is_empty() { Ok(Document { root }) } else { Err(diagnostics) }
    }

    /// Adds position and operation to each of the diagnostics.
    pub(crate) fn error(&self, diagnostics: Vec<Diagnostic>) -> Error {
        located(&self.root, diagnostics)
    }

    /// Leaves out the parts with these problems, and the components that only these parts use.
    ///
    /// # Errors
    ///
    /// The problems that belong neither to an operation nor to a path nor to a component, or that are in the overlay or the
    /// settings; nothing is left out then.
    pub(crate) fn leave_out(&mut self, problems: Vec<Diagnostic>) -> Result<Vec<LeftOutPart>, Vec<Diagnostic>> {
        let usage = Usage::of(&self.root);
        let mut left_out: Vec<LeftOutPart> = Vec::new();
        let mut of_the_whole = Vec::new();
        for mut problem in problems {
            locate(&self.root, &usage, &mut problem);
            let parts = usage.parts_of(&problem.pointer);
            // A part that the overlay or the settings have added is meant to be generated.
            if parts.is_empty() || problem.span.file != File::Document {
                of_the_whole.push(problem);
                continue;
            }
            for part in parts {
                match left_out.iter_mut().find(|known| known.part == part) {
                    Some(known) => known.problems.push(problem.clone()),
                    None => {
                        let operation =
                            self.names.iter().find(|operation| operation.pointer == part.pointer()).cloned();
                        left_out.push(LeftOutPart { part, operation, problems: vec![problem.clone()] });
                    }
                }
            }
        }
        if !of_the_whole.is_empty() {
            return Err(of_the_whole);
        }
        let parts: Vec<_> = left_out.iter().map(|left_out| left_out.part.clone()).collect();
        for pointer in usage.without(&parts) {
            self.root.remove(&pointer);
        }
        Ok(left_out)
    }
}

fn located(root: &Node, mut diagnostics: Vec<Diagnostic>) -> Error {
    let usage = Usage::of(root);
    for diagnostic in &mut diagnostics {
        locate(root, &usage, diagnostic);
    }
    Error::new(diagnostics)
}

fn locate(root: &Node, usage: &Usage<'_>, diagnostic: &mut Diagnostic) {
    // A problem of the settings has its position already.
    if diagnostic.span.file == File::Settings {
        return;
    }
    diagnostic.span = root.span_of(&diagnostic.pointer);
    diagnostic.operation = locate::operation_of(usage, &diagnostic.pointer);
}
