package dev.onbehalf.server.receive.page;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.server.receive.Credential;
import dev.onbehalf.server.receive.Scope;
import dev.onbehalf.server.receive.Scope.Action;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.page.Choice;
import dev.onbehalf.server.web.page.CredentialFormPage;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator fills in for a credential, as it was typed.
 *
 * @param name its name
 * @param kinds names of the kinds of data it may send
 * @param may {@value #ALL}, {@value #SEND} or {@value #AS_IT_IS}
 * @param projectsText keys of projects, parted by commas or spaces; empty for all
 * @param until its last day in UTC, as in 2027-01-31; empty for never
 */
record CredentialForm(
    String name, Set<String> kinds, String may, String projectsText, String until) {
  private static final String ALL = "all";
  private static final String SEND = "send";
  private static final String AS_IT_IS = "as-it-is";

  static CredentialForm blank() {
    return new CredentialForm(
        "", Set.of(DataType.BUILDS.name(), DataType.DEPLOYMENTS.name()), ALL, "", "");
  }

  static CredentialForm of(Credential credential) {
    return new CredentialForm(
        credential.name(),
        credential.scopes().stream().map(scope -> scope.type().name()).collect(Collectors.toSet()),
        may(credential),
        String.join(", ", new TreeSet<>(credential.projects())),
        lastDay(credential.expires()));
  }

  static CredentialForm read(Form form) {
    return new CredentialForm(
        form.value("name").orElse(""),
        Set.copyOf(new TreeSet<>(form.values("kind"))),
        form.value("may").orElse(ALL),
        form.value("projects").orElse(""),
        form.value("until").orElse(""));
  }

  /**
   * Returns the scopes that are wanted.
   *
   * @param before what is changed; null for a new credential
   * @throws IllegalArgumentException with one sentence, if there is none, or one is unknown
   */
  Set<Scope> scopes(@Nullable Credential before) {
    if (may.equals(AS_IT_IS) && before != null) {
      return before.scopes();
    }
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("Choose at least one thing it may send.");
    }
    return Scope.parse(
        kinds.stream()
            .map(CredentialForm::type)
            .map(type -> may.equals(SEND) ? new Scope(type, Action.WRITE).toString() : type.name())
            .toList());
  }

  Set<String> projects() {
    return Arrays.stream(projectsText.split("[,;\\s]+", -1))
        .filter(Predicate.not(String::isEmpty))
        .map(key -> key.toUpperCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  /**
   * Returns when it ends: with its last day; null for never.
   *
   * @throws IllegalArgumentException with one sentence, if that is no day, or a day that is over
   */
  @Nullable Instant expires(@Nullable Credential before, Instant now) {
    if (before != null && until.equals(lastDay(before.expires()))) {
      return before.expires();
    }
    if (until.isBlank()) {
      return null;
    }
    Instant end;
    try {
      LocalDate day = LocalDate.parse(until.strip());
      if (day.getYear() > 9999) {
        throw new IllegalArgumentException("That last day is too far away.");
      }
      end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("The last day must be written as in 2027-01-31.", e);
    }
    if (!end.isAfter(now)) {
      throw new IllegalArgumentException("The last day is over already.");
    }
    return end;
  }

  /** Shows the form for a new credential. */
  CredentialFormPage page(@Nullable String problem, String csrfToken) {
    return page(problem, csrfToken, null, CredentialPages.PATH);
  }

  /** Shows the form for a credential there is, whose page is at {@code path}. */
  CredentialFormPage page(
      @Nullable String problem, String csrfToken, @Nullable Credential of, String path) {
    return new CredentialFormPage(
        of == null ? null : of.name(),
        problem,
        name,
        DataType.all().stream()
            .map(
                type ->
                    new Choice.Option(
                        type.name(),
                        capital(CredentialWords.kind(type)),
                        hint(type),
                        kinds.contains(type.name())))
            .toList(),
        choice(of),
        projectsText,
        until,
        of == null ? path : path + "/edit",
        path,
        csrfToken);
  }

  private Choice choice(@Nullable Credential of) {
    List<Choice.Option> options = new ArrayList<>();
    Credential mixed = of != null && may(of).equals(AS_IT_IS) ? of : null;
    boolean kept = mixed != null && may.equals(AS_IT_IS);
    options.add(
        new Choice.Option(
            ALL,
            "Send, read back and delete its own",
            "What others sent it can neither read nor change.",
            !kept && !may.equals(SEND)));
    options.add(
        new Choice.Option(SEND, "Only send", "It cannot read back anything.", may.equals(SEND)));
    if (mixed != null) {
      options.add(
          new Choice.Option(
              AS_IT_IS,
              "As it is now",
              capital(String.join("; ", CredentialWords.abilities(mixed.scopes()))) + ".",
              kept));
    }
    return new Choice("may", "What may it do with them?", options);
  }

  private static String may(Credential credential) {
    Set<Scope> scopes = credential.scopes();
    boolean all = true;
    boolean send = true;
    for (Scope scope : scopes) {
      for (Action action : Action.values()) {
        boolean has = scopes.contains(new Scope(scope.type(), action));
        all &= has;
        send &= has == (action == Action.WRITE);
      }
    }
    return all ? ALL : send ? SEND : AS_IT_IS;
  }

  private static DataType type(String name) {
    return DataType.byName(name)
        .orElseThrow(() -> new IllegalArgumentException("That cannot be sent: choose anew."));
  }

  private static String hint(DataType type) {
    return type.equals(DataType.DEVELOPMENT_INFORMATION)
        ? "Commits, branches and pull requests."
        : type.equals(DataType.REMOTE_LINKS) ? "Such as test reports and documents." : "";
  }

  private static String lastDay(@Nullable Instant expires) {
    return expires == null
        ? ""
        : expires.minusNanos(1).atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }

  private static String capital(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
