//! What members a [`View`](super::View) can have, and of what kind: the same as `schemas/view.schema.json` says, for
//! those who check a query before there is a policy to ask.

/// The kinds of node that a view is made of.
#[derive(Debug)]
pub enum ViewShape {
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number,
    /// Any text.
    Text,
    /// Text without capital letters.
    Lower,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A list of such nodes.
    List(&'static ViewShape),
    /// Members.
    Object(ViewObject),
}

/// A node with members.
#[derive(Debug)]
pub struct ViewObject {
    /// What it is called: `an action`.
    pub name: &'static str,
    members: &'static [&'static [ViewMember]],
}

/// A member of a node.
#[derive(Debug)]
pub struct ViewMember {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub shape: &'static ViewShape,
    /// Whether it is there in every policy.
    pub always: bool,
}

impl ViewObject {
    /// Its members.
    pub fn members(&self) -> impl Iterator<Item = &'static ViewMember> + use<> {
        self.members.iter().copied().flatten()
    }

    /// The member of that name.
    pub fn member(&self, name: &str) -> Option<&'static ViewMember> {
        self.members().find(|member| member.name == name)
    }
}

/// A whole view.
pub static VIEW_SHAPE: ViewShape = object(
    "the policy",
    &[&[
        always("view", &ViewShape::Number),
        always("type", &POLICY_TYPE),
        sometimes("Version", &ViewShape::Text),
        sometimes("Id", &ViewShape::Text),
        always("Statement", &ViewShape::List(&STATEMENT)),
        always("complete", &ViewShape::Flag),
    ]],
);

static STATEMENT: ViewShape = object(
    "a statement",
    &[&[
        always("index", &ViewShape::Number),
        sometimes("Sid", &ViewShape::Text),
        sometimes("Effect", &ViewShape::OneOf(&["Allow", "Deny"])),
        sometimes("Principal", &ViewShape::List(&PRINCIPAL)),
        sometimes("NotPrincipal", &ViewShape::List(&PRINCIPAL)),
        sometimes("Action", &ViewShape::List(&ACTION)),
        sometimes("NotAction", &ViewShape::List(&ACTION)),
        sometimes("Resource", &ViewShape::List(&RESOURCE)),
        sometimes("NotResource", &ViewShape::List(&RESOURCE)),
        sometimes("Condition", &ViewShape::List(&CONDITION)),
        always("complete", &ViewShape::Flag),
    ]],
);

static ACTION: ViewShape =
    object("an action", &[TEXT, ANY, &[sometimes("service", &ViewShape::Lower), sometimes("name", &ViewShape::Lower)]]);

static RESOURCE: ViewShape = object("a resource", &[TEXT, ANY, ARN]);

static PRINCIPAL: ViewShape = object("a principal", &[TEXT, ANY, ARN, &[always("type", &PRINCIPAL_TYPE)]]);

static CONDITION: ViewShape = object(
    "a condition",
    &[&[
        always("operator", &ViewShape::Text),
        always("known", &ViewShape::Flag),
        sometimes("base", &ViewShape::Text),
        sometimes("family", &FAMILY),
        sometimes("quantifier", &ViewShape::OneOf(&["ForAllValues", "ForAnyValue"])),
        always("if_exists", &ViewShape::Flag),
        always("negated", &ViewShape::Flag),
        always("key", &ViewShape::Text),
        always("key_lower", &ViewShape::Lower),
        always("key_hole", &ViewShape::Flag),
        always("values", &ViewShape::List(&VALUE)),
    ]],
);

static VALUE: ViewShape = object("a value", &[TEXT, &[always("json", &JSON_TYPE)]]);

static POLICY_TYPE: ViewShape =
    ViewShape::OneOf(&["identity", "resource", "trust", "scp", "rcp", "boundary", "session", "vpc-endpoint"]);
static PRINCIPAL_TYPE: ViewShape = ViewShape::OneOf(&["*", "AWS", "Service", "Federated", "CanonicalUser", "unknown"]);
static FAMILY: ViewShape =
    ViewShape::OneOf(&["String", "Numeric", "Date", "Bool", "Binary", "IpAddress", "Arn", "Null"]);
static JSON_TYPE: ViewShape = ViewShape::OneOf(&["string", "boolean", "number", "hole"]);

static TEXT: &[ViewMember] = &[
    always("text", &ViewShape::Text),
    always("lower", &ViewShape::Lower),
    always("wildcard", &ViewShape::Flag),
    always("hole", &ViewShape::Flag),
    always("variable", &ViewShape::Flag),
];
static ANY: &[ViewMember] = &[always("any", &ViewShape::Flag)];
static ARN: &[ViewMember] = &[
    sometimes("partition", &ViewShape::Text),
    sometimes("service", &ViewShape::Text),
    sometimes("region", &ViewShape::Text),
    sometimes("account", &ViewShape::Text),
    sometimes("resource", &ViewShape::Text),
];

const fn object(name: &'static str, members: &'static [&'static [ViewMember]]) -> ViewShape {
    ViewShape::Object(ViewObject { name, members })
}

const fn always(name: &'static str, shape: &'static ViewShape) -> ViewMember {
    ViewMember { name, shape, always: true }
}

const fn sometimes(name: &'static str, shape: &'static ViewShape) -> ViewMember {
    ViewMember { name, shape, always: false }
}
