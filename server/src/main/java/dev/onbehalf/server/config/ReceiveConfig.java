package dev.onbehalf.server.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param jira the linked Jira; null for none
 */
public record ReceiveConfig(
    PublicUrl publicUrl,
    List<String> projects,
    int bodyBytes,
    int requestsPerCredential,
    List<String> administrators,
    List<String> administratorGroups,
    List<String> frameOrigins,
    @Nullable LinkedJira jira) {
  public ReceiveConfig {
    projects = List.copyOf(projects);
    administrators = List.copyOf(administrators);
    administratorGroups = List.copyOf(administratorGroups);
    frameOrigins = List.copyOf(frameOrigins);
  }

  /**
   * The Jira whose issues builds and deployments belong to.
   *
   * @param link id or name of the application link to it
   * @param remoteLinks whether its issues get links to pipelines and environments
   * @param failureComments whether they get a comment when one of those begins to fail
   * @param requestsPerSecond requests a second that tell it something
   */
  public record LinkedJira(
      String link, boolean remoteLinks, boolean failureComments, int requestsPerSecond) {}
}
