package dev.onbehalf.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What may be said of a consumer when it is added or edited. */
final class ConsumerOptions {
  @Option(names = "--name", description = "Name shown to people on the consent page.")
  @Nullable String name;

  @Option(names = "--description", description = "What it is for.")
  @Nullable String description;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description =
          "Signature method: RSA-SHA1 (Atlassian products), HMAC-SHA1 (their generic links),"
              + " RSA-SHA256 or HMAC-SHA256.")
  @Nullable String method;

  @Option(
      names = "--public-key",
      paramLabel = "FILE",
      description = "The peer's public key or certificate: PEM, or the bare base64 of its page.")
  @Nullable Path publicKey;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "Shared secret of an HMAC consumer; '-' reads standard input.")
  @Nullable String secretFile;

  @Option(names = "--callback", description = "An allowed callback URL; may be repeated.")
  @Nullable List<String> callbacks;

  @Option(names = "--three-legged", arity = "1", description = "People may authorise it.")
  @Nullable Boolean threeLegged;

  @Option(names = "--two-legged", arity = "1", description = "It may act as --execute-as.")
  @Nullable Boolean twoLegged;

  @Option(names = "--execute-as", description = "The user it acts as without impersonation.")
  @Nullable String executeAs;

  @Option(names = "--impersonation", arity = "1", description = "It may act as people it names.")
  @Nullable Boolean impersonation;

  @Option(
      names = "--legacy-1.0",
      arity = "1",
      description = "Allow OAuth 1.0 without callback and verifier: open to session fixation.")
  @Nullable Boolean legacy;

  @Option(names = "--application", description = "Only this application; may be repeated.")
  @Nullable List<String> applications;

  @Option(names = "--enabled", arity = "1", description = "false refuses its requests.")
  @Nullable Boolean enabled;

  @Option(
      names = "--permit",
      paramLabel = "WHAT",
      description =
          "What it may do: everything, read-only, trigger-builds, or a rule such as"
              + " 'GET,HEAD /job/**'; may be repeated.")
  @Nullable List<String> permissions;

  @Option(
      names = "--impersonate-user",
      description = "A person it may name; may be repeated. With none and no group: anybody.")
  @Nullable List<String> impersonateUsers;

  @Option(
      names = "--impersonate-group",
      description = "A group whose members it may name; may be repeated.")
  @Nullable List<String> impersonateGroups;

  @Option(
      names = "--impersonate-protected",
      arity = "1",
      description = "It may name protected people, such as administrators, too.")
  @Nullable Boolean impersonateProtected;

  @Option(names = "--token-life", description = "Longest life of a token, such as 30d.")
  @Nullable String tokenLife;

  @Option(names = "--idle-limit", description = "How long a token may stay unused, such as 7d.")
  @Nullable String idleLimit;

  ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    JsonBody.text(body, "name", name);
    JsonBody.text(body, "description", description);
    JsonBody.text(body, "signatureMethod", method);
    if (publicKey != null) {
      body.put("publicKey", read(publicKey));
    }
    if (secretFile != null) {
      body.put("sharedSecret", PasswordInput.read(secretFile, "Shared secret").reveal());
    }
    JsonBody.list(body, "callbacks", callbacks);
    JsonBody.flag(body, "threeLegged", threeLegged);
    JsonBody.flag(body, "twoLegged", twoLegged);
    JsonBody.text(body, "executeAs", executeAs);
    JsonBody.flag(body, "impersonation", impersonation);
    JsonBody.flag(body, "legacy", legacy);
    JsonBody.list(body, "applications", applications);
    JsonBody.flag(body, "enabled", enabled);
    JsonBody.list(body, "permissions", permissions);
    JsonBody.list(body, "impersonateUsers", impersonateUsers);
    JsonBody.list(body, "impersonateGroups", impersonateGroups);
    JsonBody.flag(body, "impersonateProtected", impersonateProtected);
    JsonBody.text(body, "tokenLife", tokenLife);
    JsonBody.text(body, "idleLimit", idleLimit);
    return body;
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION, "The key file " + file + " is missing or not a text file.", e);
    }
  }
}
