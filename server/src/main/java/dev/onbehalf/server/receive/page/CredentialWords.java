package dev.onbehalf.server.receive.page;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.server.receive.Credential;
import dev.onbehalf.server.receive.Scope;
import dev.onbehalf.server.receive.Scope.Action;
import dev.onbehalf.server.web.page.CredentialsPage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Says what a credential is in words for people who have not read its interface. */
final class CredentialWords {
  private static final Map<DataType, String> KINDS =
      Map.of(
          DataType.BUILDS, "builds",
          DataType.DEPLOYMENTS, "deployments",
          DataType.REMOTE_LINKS, "remote links",
          DataType.DEVELOPMENT_INFORMATION, "development information");

  private CredentialWords() {}

  static String kind(DataType type) {
    return KINDS.getOrDefault(type, type.name());
  }

  static CredentialsPage.Entry entry(Credential credential, String path, Instant now) {
    Instant expires = credential.expires();
    boolean over = expires != null && !now.isBefore(expires);
    return new CredentialsPage.Entry(
        path,
        credential.name(),
        (over ? "ended" : credential.enabled() ? "on" : "off")
            + (credential.own() ? ": this server's own, to try itself" : ""),
        over ? "bad" : credential.enabled() ? "good" : "plain",
        abilities(credential.scopes()),
        String.join(", ", new TreeSet<>(credential.projects())),
        credential.created(),
        credential.lastUsed(),
        expires);
  }

  /** Returns what the scopes allow, a phrase each. */
  static List<String> abilities(Set<Scope> scopes) {
    String sent = types(scopes, Action.WRITE);
    String read = types(scopes, Action.READ);
    String deleted = types(scopes, Action.DELETE);
    if (!sent.isEmpty() && sent.equals(read) && sent.equals(deleted)) {
      return List.of("send " + sent, "read back and delete what it sent");
    }
    List<String> phrases = new ArrayList<>();
    add(phrases, "send ", sent);
    add(phrases, "read back its ", read);
    add(phrases, "delete its ", deleted);
    return phrases;
  }

  private static void add(List<String> phrases, String verb, String types) {
    if (!types.isEmpty()) {
      phrases.add(verb + types);
    }
  }

  private static String types(Set<Scope> scopes, Action action) {
    List<String> words =
        DataType.all().stream()
            .filter(type -> scopes.contains(new Scope(type, action)))
            .map(CredentialWords::kind)
            .toList();
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }
}
