package dev.onbehalf.server.receive;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a build or deployment can be looked for by, besides its kind, its issues and its age.
 *
 * @param pipeline id of its pipeline
 * @param pipelineName how the pipeline is called; null where it is not said
 * @param environment where it was deployed; null for a build
 * @param number orders the builds of a pipeline, and its deployments to an environment
 * @param state one of the words of {@code docs/peer-facts.md} 2.4 and 2.5
 */
record Facets(
    String pipeline,
    @Nullable String pipelineName,
    @Nullable Environment environment,
    long number,
    String state) {

  /** The state of a deployment that counts as being where it was deployed to. */
  static final String SUCCESSFUL = "successful";

  /** An environment as a deployment describes it. */
  record Environment(String id, String name, String type) {}

  /** Whether it puts its issues on its environment. */
  boolean deployed() {
    return environment != null && state.equals(SUCCESSFUL);
  }

  /** Where they stand in the JSON of one kind of data, as JSON pointers (RFC 6901). */
  record Paths(String pipeline, @Nullable String pipelineName, boolean deployed, String number) {

    /** Reads them from an entity that has its shape. */
    Facets of(JsonNode entity) {
      JsonNode environment = entity.path("environment");
      return new Facets(
          entity.at(pipeline).asString(""),
          pipelineName == null ? null : entity.at(pipelineName).asString(""),
          deployed
              ? new Environment(
                  environment.path("id").asString(""),
                  environment.path("displayName").asString(""),
                  environment.path("type").asString(""))
              : null,
          entity.at(number).longValue(),
          entity.path("state").asString(""));
    }
  }
}
