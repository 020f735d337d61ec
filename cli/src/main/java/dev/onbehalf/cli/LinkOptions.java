package dev.onbehalf.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What may be said of a link when it is added or edited. */
final class LinkOptions {
  @Option(names = "--name", description = "Name by which people and commands call it.")
  @Nullable String name;

  @Option(
      names = "--type",
      description =
          "What the peer is: jira, confluence, stash (Bitbucket), bamboo, fecru, crowd, refapp or"
              + " generic.")
  @Nullable String type;

  @Option(
      names = "--display-url",
      paramLabel = "URL",
      description = "The peer's URL for browsers, where it is another one.")
  @Nullable String displayUrl;

  @Option(
      names = "--consumer-key",
      paramLabel = "KEY",
      description = "By which the peer knows this server; this server's own key by default.")
  @Nullable String consumerKey;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description =
          "RSA-SHA1 with this server's key pair (Atlassian products, other Onbehalfs), HMAC-SHA1"
              + " (most generic providers), RSA-SHA256 or HMAC-SHA256.")
  @Nullable String method;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "The secret shared with the peer, for HMAC; '-' reads standard input.")
  @Nullable String secretFile;

  @Option(names = "--three-legged", arity = "1", description = "People act by their own token.")
  @Nullable Boolean threeLegged;

  @Option(names = "--two-legged", arity = "1", description = "Act as the user set at the peer.")
  @Nullable Boolean twoLegged;

  @Option(names = "--impersonation", arity = "1", description = "Act as people without a token.")
  @Nullable Boolean impersonation;

  @Option(
      names = "--request-token-url",
      paramLabel = "URL",
      description = "Where a generic provider makes request tokens; or a path such as /oauth/r.")
  @Nullable String requestTokenUrl;

  @Option(
      names = "--authorize-url",
      paramLabel = "URL",
      description = "Where people of a generic provider decide.")
  @Nullable String authorizeUrl;

  @Option(
      names = "--access-token-url",
      paramLabel = "URL",
      description = "Where a generic provider exchanges tokens.")
  @Nullable String accessTokenUrl;

  @Option(
      names = "--callback-confirmed",
      arity = "1",
      description = "false accepts a peer that does not send oauth_callback_confirmed.")
  @Nullable Boolean callbackConfirmed;

  @Option(
      names = "--private-addresses",
      arity = "1",
      description = "It may lead to the networks of the option links.private-networks.")
  @Nullable Boolean privateAddresses;

  @Option(
      names = "--browser-sessions",
      arity = "1",
      description =
          "Pages of this site may act through it as whoever is signed in, without a token.")
  @Nullable Boolean browserSessions;

  ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    JsonBody.text(body, "name", name);
    JsonBody.text(body, "type", type);
    JsonBody.text(body, "displayUrl", displayUrl);
    JsonBody.text(body, "consumerKey", consumerKey);
    JsonBody.text(body, "signatureMethod", method);
    if (secretFile != null) {
      body.put("sharedSecret", PasswordInput.read(secretFile, "Shared secret").reveal());
    }
    JsonBody.flag(body, "threeLegged", threeLegged);
    JsonBody.flag(body, "twoLegged", twoLegged);
    JsonBody.flag(body, "impersonation", impersonation);
    JsonBody.text(body, "requestTokenUrl", requestTokenUrl);
    JsonBody.text(body, "authorizeUrl", authorizeUrl);
    JsonBody.text(body, "accessTokenUrl", accessTokenUrl);
    JsonBody.flag(body, "callbackConfirmed", callbackConfirmed);
    JsonBody.flag(body, "privateAddresses", privateAddresses);
    JsonBody.flag(body, "browserSessions", browserSessions);
    return body;
  }
}
