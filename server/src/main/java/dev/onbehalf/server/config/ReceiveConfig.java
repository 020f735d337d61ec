package dev.onbehalf.server.config;

import java.util.List;

/**
 * How builds and deployments are received.
 *
 * @param publicUrl where senders and people reach it
 * @param projects keys of the projects whose issues exist; empty: every well-formed key counts
 * @param bodyBytes largest body of a request that shows a valid token
 * @param requestsPerCredential requests a second of one credential
 * @param administrators names of the people who administer credentials in the pages
 * @param administratorGroups groups whose members do
 * @param frameOrigins origins that may show panels in frames, such as https://jira.example.com
 */
public record ReceiveConfig(
    PublicUrl publicUrl,
    List<String> projects,
    int bodyBytes,
    int requestsPerCredential,
    List<String> administrators,
    List<String> administratorGroups,
    List<String> frameOrigins) {
  public ReceiveConfig {
    projects = List.copyOf(projects);
    administrators = List.copyOf(administrators);
    administratorGroups = List.copyOf(administratorGroups);
    frameOrigins = List.copyOf(frameOrigins);
  }
}
