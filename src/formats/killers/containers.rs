//! Docker, containerd, CRI-O, and platforms that run containers.

use super::found::{Found, behind, between, digits, size};

pub(super) fn containers(body: &str) -> Option<Found<'_>> {
    if let Some(rest) = behind(body, "\"OOMKilled\":") {
        let rest = rest.trim_start();
        return rest
            .trim_start_matches('"')
            .starts_with("true")
            .then(|| Found::named("docker-oomkilled", between(body, "\"Name\":\"/", "\"").unwrap_or_default()));
    }
    // `docker inspect --format '{{.State.OOMKilled}} {{.State.ExitCode}}'`.
    if matches!(body, "true 137" | "137 true") {
        return Some(Found::new("docker-oomkilled").weakly());
    }
    if matches!(body, "false 137" | "137 false") {
        return Some(Found::new("exit-137").weakly());
    }
    if ["OOMKilled=", "OOMKilled: "].iter().any(|key| behind(body, key).is_some_and(|rest| rest.starts_with("true"))) {
        return Some(Found::new("docker-oomkilled"));
    }
    // Nomad.
    if body.contains("Exit Message: \"OOM Killed\"") || body.contains("Docker container killed by OOM") {
        let (time, _) = body.split_once(' ').unwrap_or_default();
        return Some(Found::new("container-oom").time(Some(time)));
    }
    if let Some(rest) = body.strip_prefix("container oom ") {
        return Some(Found::named("container-oom", container_name(rest)));
    }
    if body.starts_with('{') && body.contains("\"Type\":\"container\"") && body.contains("\"Action\":\"oom\"") {
        return Some(Found::named("container-oom", between(body, "\"name\":\"", "\"").unwrap_or_default()));
    }
    if body.contains("TaskOOM event") {
        let id = behind(body, "ContainerID:").or_else(|| behind(body, "container_id:"));
        let id = id.and_then(|rest| rest.trim_start_matches(['\\', '"']).split([',', '}', ' ', '"', '\\']).next());
        return Some(Found::named("container-oom", id.unwrap_or_default()).time(between(body, "time=\"", "\"")));
    }
    if body.contains("msg=\"OOM detected") {
        let id = behind(body, " id=").and_then(|rest| rest.split([' ', '"']).next());
        return Some(Found::named("container-oom", id.unwrap_or_default()).time(between(body, "time=\"", "\"")));
    }
    if let Some(rest) = body.strip_prefix("container die ")
        && behind(rest, "exitCode=").and_then(digits) == Some("137")
    {
        return Some(Found::named("exit-137", container_name(rest)));
    }
    // A row of `docker ps -a`: the name stands last.
    if let Some(rest) = behind(body, "   Exited (137) ")
        && rest.contains(" ago ")
    {
        let name = rest.rsplit("  ").next().unwrap_or_default();
        return Some(Found::named("exit-137", name));
    }
    // Azure.
    if let Some(rest) = body.strip_prefix("Container '")
        && let Some((name, why)) = rest.split_once("' was terminated with exit code '137'")
    {
        return Some(Found::named(if why.contains("'OOMKilled'") { "container-oom" } else { "exit-137" }, name));
    }
    if let Some(rest) = behind(body, "Memory limit of ")
        && let Some(used) = between(rest, " exceeded with ", " used")
    {
        return Some(Found::new("memory-limit-exceeded").size("limit", size(rest)).size("usage", size(used)));
    }
    if let Some(rest) = body.split_once("Process running mem=").filter(|(before, _)| before.len() <= 32) {
        return Some(Found::new("memory-limit-exceeded").size("usage", size(rest.1)).following());
    }
    if body.contains("Error R15 (Memory quota vastly exceeded)") || body.contains("Error R14 (Memory quota exceeded)") {
        return Some(Found::new("memory-limit-exceeded").following());
    }
    if body.contains("instance was found to be using too much memory and was terminated") {
        return Some(Found::new("memory-limit-exceeded"));
    }
    // Mesos.
    if let Some(rest) = behind(body, "Memory limit exceeded: Requested: ")
        && let Some(used) = behind(rest, " Maximum Used: ")
    {
        return Some(Found::new("memory-limit-exceeded").size("limit", size(rest)).size("usage", size(used)));
    }
    if body.contains("runtime.OOMController") && body.contains("Sending SIGKILL to cgroup") {
        return Some(Found::named("talos-oom", between(body, "\"cgroup\": \"", "\"").unwrap_or_default()));
    }
    if body.contains("container init was OOM-killed") {
        return Some(Found::new("container-oom"));
    }
    if body.contains("OutOfMemoryError: Container killed due to memory usage") {
        return Some(Found::new("ecs-oomkilled"));
    }
    // AWS Lambda.
    if let Some((before, _)) = body.split_once(" Error: Runtime exited with error: signal: killed") {
        return Some(Found::named("lambda-killed", behind(before, "RequestId: ").unwrap_or_default()));
    }
    if ["xited with status 137 (out of memory)", "Exit status 137 (out of memory)"]
        .iter()
        .any(|words| body.contains(words))
    {
        return Some(Found::new("cloud-foundry-oom"));
    }
    None
}

/// `0a1b2c3d (image=orders:1.4, name=orders)` of `docker events`: the name, or the id where no attributes follow.
fn container_name(text: &str) -> &str {
    match text.split_once('(') {
        Some((_, attributes)) => {
            let name = attributes.strip_prefix("name=").or_else(|| behind(attributes, ", name="));
            name.and_then(|rest| rest.split_once([',', ')'])).map_or("", |(name, _)| name)
        }
        None => text.split(' ').next().unwrap_or_default(),
    }
}
