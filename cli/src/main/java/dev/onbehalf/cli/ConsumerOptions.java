package dev.onbehalf.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
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
    text(body, "name", name);
    text(body, "description", description);
    text(body, "signatureMethod", method);
    if (publicKey != null) {
      body.put("publicKey", read(publicKey));
    }
    if (secretFile != null) {
      body.put("sharedSecret", PasswordInput.read(secretFile, "Shared secret").reveal());
    }
    list(body, "callbacks", callbacks);
    flag(body, "threeLegged", threeLegged);
    flag(body, "twoLegged", twoLegged);
    text(body, "executeAs", executeAs);
    flag(body, "impersonation", impersonation);
    flag(body, "legacy", legacy);
    list(body, "applications", applications);
    flag(body, "enabled", enabled);
    list(body, "permissions", permissions);
    list(body, "impersonateUsers", impersonateUsers);
    list(body, "impersonateGroups", impersonateGroups);
    flag(body, "impersonateProtected", impersonateProtected);
    text(body, "tokenLife", tokenLife);
    text(body, "idleLimit", idleLimit);
    return body;
  }

  private static void text(ObjectNode body, String field, @Nullable String value) {
    if (value != null) {
      body.put(field, value);
    }
  }

  private static void flag(ObjectNode body, String field, @Nullable Boolean value) {
    if (value != null) {
      body.put(field, value.booleanValue());
    }
  }

  private static void list(ObjectNode body, String field, @Nullable List<String> values) {
    if (values != null) {
      ArrayNode array = body.putArray(field);
      values.stream().filter(value -> !value.isEmpty()).forEach(array::add);
    }
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
