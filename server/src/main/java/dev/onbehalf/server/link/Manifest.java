package dev.onbehalf.server.link;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a peer says of itself ({@code docs/peer-facts.md} 1.13).
 *
 * @param id its application id
 * @param name its name
 * @param typeId what it is, such as {@code jira}
 * @param version its version
 * @param applinksVersion of the links it speaks; null where it does not say
 * @param url its base URL for browsers
 * @param inbound simple names of the ways to authenticate it takes
 */
record Manifest(
    String id,
    String name,
    String typeId,
    @Nullable String version,
    @Nullable String applinksVersion,
    URI url,
    Set<String> inbound) {

  static final String THREE_LEGGED = "OAuthAuthenticationProvider";
  static final String TWO_LEGGED = "TwoLeggedOAuthAuthenticationProvider";
  static final String IMPERSONATING = "TwoLeggedOAuthWithImpersonationAuthenticationProvider";

  /** Ways that Atlassian has given up; never made, and reported where they are still on. */
  static final Set<String> LEGACY =
      Set.of("TrustedAppsAuthenticationProvider", "BasicAuthenticationProvider");

  Manifest {
    inbound = Set.copyOf(inbound);
  }
}
