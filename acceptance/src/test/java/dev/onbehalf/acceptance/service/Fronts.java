package dev.onbehalf.acceptance.service;

import dev.onbehalf.acceptance.peers.HudsonServer;

/** Configuration of applications that stand in front of the peers of these tests. */
final class Fronts {
  private Fronts() {}

  /**
   * The YAML block of an application in front of Hudson, with the secret Hudson asks for.
   *
   * @param options further lines of the block, each indented by four and ended; or none
   */
  static String hudson(String name, String publicUrl, HudsonServer hudson, String... options) {
    return """
      %s:
        public-url: %s
        upstream: %s
        adapter: jenkins
        secret-header: %s
        secret: %s
    %s"""
        .formatted(
            name,
            publicUrl,
            hudson.url(),
            HudsonServer.SECRET_HEADER,
            HudsonServer.SECRET,
            String.join("", options));
  }
}
