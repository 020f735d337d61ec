package dev.onbehalf.jenkins;

import groovy.lang.Closure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of the declarative syntax the guide uses: stages, agents, when, input and post sections.
 */
final class DeclarativePipeline {
  private static final class Section {
    final List<Object> bodies = new ArrayList<>();
    final List<Object> posts = new ArrayList<>();
    boolean applies = true;
  }

  private final PipelineBuild build;
  private final Deque<Section> open = new ArrayDeque<>();

  DeclarativePipeline(PipelineBuild build) {
    this.build = build;
  }

  void register() {
    for (String word : List.of("any", "none")) {
      build.binding().setVariable(word, word);
    }
    for (String ignored : List.of("options", "parameters", "triggers", "tools")) {
      build.step(ignored, a -> null, Closure.class);
    }
    build.step("input", a -> null, String.class);
    build.step("agent", a -> agent(a[0].toString()), String.class);
    build.step("agent", a -> labelled(a[0]), Closure.class);
    build.step("label", a -> null, String.class);
    build.step("pipeline", a -> section(a[0]), Closure.class);
    build.step("stage", a -> section(a[1]), String.class, Closure.class);
    build.step("stages", a -> open().bodies.add(a[0]), Closure.class);
    build.step("steps", a -> open().bodies.add(a[0]), Closure.class);
    build.step("script", a -> build.run(a[0]), Closure.class);
    build.step("post", a -> open().posts.add(a[0]), Closure.class);
    build.step("when", a -> when(a[0]), Closure.class);
    build.step("branch", a -> a[0].equals(build.env.get("BRANCH_NAME")), String.class);
    build.step("buildingTag", a -> build.env.containsKey("TAG_NAME"));
    build.step("changeRequest", a -> build.env.containsKey("CHANGE_ID"));
    build.step(
        "changeset",
        a -> build.changedFiles.stream().anyMatch(f -> f.startsWith(prefix(a[0]))),
        String.class);
    build.step("always", a -> build.run(a[0]), Closure.class);
    for (Map.Entry<String, String> entry :
        Map.of(
                "success",
                "SUCCESS",
                "failure",
                "FAILURE",
                "aborted",
                "ABORTED",
                "unstable",
                "UNSTABLE")
            .entrySet()) {
      build.step(
          entry.getKey(),
          a ->
              build.currentBuild.getCurrentResult().equals(entry.getValue())
                  ? build.run(a[0])
                  : null,
          Closure.class);
    }
  }

  private Section open() {
    return open.element();
  }

  private static String prefix(Object glob) {
    return glob.toString().replaceFirst("\\*.*", "");
  }

  private @Nullable Object agent(String name) {
    if (name.equals("none")) {
      build.env.remove("WORKSPACE");
    }
    return null;
  }

  private @Nullable Object labelled(Object body) {
    build.env.put("WORKSPACE", build.workspace.toString());
    return build.run(body);
  }

  private @Nullable Object when(Object condition) {
    open().applies = Boolean.TRUE.equals(build.run(condition));
    return null;
  }

  private @Nullable Object section(Object body) throws Exception {
    Section section = new Section();
    @Nullable String workspaceOutside = build.env.get("WORKSPACE");
    open.push(section);
    Object value;
    try {
      value = build.run(body);
    } finally {
      open.pop();
    }
    if (!section.applies) {
      return null;
    }
    try {
      for (Object steps : section.bodies) {
        value = build.run(steps);
      }
    } catch (Throwable e) {
      build.failed(e);
      throw e;
    } finally {
      for (Object post : section.posts) {
        build.run(post);
      }
      if (workspaceOutside == null) {
        build.env.remove("WORKSPACE");
      } else {
        build.env.put("WORKSPACE", workspaceOutside);
      }
    }
    return value;
  }
}
