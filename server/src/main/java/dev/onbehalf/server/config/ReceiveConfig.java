package dev.onbehalf.server.config;

import java.util.List;

/**
 * How builds and deployments are received.
 *
 * @param publicUrl where senders and people reach it
 * @param projects keys of the projects whose issues exist; empty: every well-formed key counts
 * @param bodyBytes largest body of a request that shows a valid token
 * @param requestsPerCredential requests a second of one credential
 */
public record ReceiveConfig(
    PublicUrl publicUrl, List<String> projects, int bodyBytes, int requestsPerCredential) {
  public ReceiveConfig {
    projects = List.copyOf(projects);
  }
}
