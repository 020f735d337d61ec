package dev.onbehalf.server.receive;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * What a pipeline or environment last did for an issue.
 *
 * @param deployment whether it is a deployment; a build otherwise
 * @param document its JSON as it came ({@code docs/peer-facts.md} 2.3), held to its schema
 * @param updated when it last changed, as its sender says
 * @param clientId client id of the credential it came by
 */
public record Latest(boolean deployment, JsonNode document, Instant updated, String clientId) {}
