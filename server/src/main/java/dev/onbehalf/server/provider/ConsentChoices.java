package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.OAuthParameters;
import dev.onbehalf.server.access.PermissionSet;
import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.config.ProviderConfig;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.page.Choice;
import dev.onbehalf.server.web.page.ConsentPage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the consent page says in plain words, and what a person may narrow there. */
final class ConsentChoices {
  static final String PERMISSIONS = "permissions";
  static final String LIFE = "life";
  private static final String AS_ASKED = "as-asked";

  private static final Map<String, Duration> LIVES = new LinkedHashMap<>();

  static {
    LIVES.put("hour", Duration.ofHours(1));
    LIVES.put("day", Duration.ofDays(1));
    LIVES.put("month", Duration.ofDays(30));
  }

  private final ProviderConfig config;
  private final InstantSource clock;

  ConsentChoices(ProviderConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /** Describes a request for access; {@code callback} is null where a code is shown. */
  ConsentPage page(
      Consumer consumer,
      RequestToken token,
      String tokenValue,
      @Nullable String callback,
      WebRequest request,
      Session session) {
    Map<String, String> hidden = new LinkedHashMap<>();
    hidden.put(OAuthParameters.TOKEN, tokenValue);
    if (token.legacy() && callback != null) {
      hidden.put(OAuthParameters.CALLBACK, callback);
    }
    return new ConsentPage(
        consumer.name(),
        token.application(),
        session.person().name(),
        abilities(consumer.limits().permissions()),
        ends(consumer),
        callback == null ? null : URI.create(callback).getHost(),
        choices(consumer),
        token.legacy()
            ? List.of(
                "This application uses OAuth 1.0, which cannot tell whether it was you who started"
                    + " this. Allow it only if you came here from that application just now.")
            : List.of(),
        request.path(),
        hidden,
        session.csrfToken());
  }

  /** Says what permissions allow, a phrase each. */
  static List<String> abilities(Permissions permissions) {
    List<String> abilities = new ArrayList<>();
    if (permissions.unlimited()) {
      return List.of("see what you can see", "change what you can change");
    }
    boolean builds = permissions.sets().contains(PermissionSet.TRIGGER_BUILDS);
    if (builds || permissions.sets().contains(PermissionSet.READ_ONLY)) {
      abilities.add("see what you can see");
    }
    if (builds) {
      abilities.add("start builds you can start");
    }
    permissions
        .rules()
        .forEach(
            rule ->
                abilities.add(
                    (rule.methods().isEmpty()
                            ? "send any request"
                            : "send " + String.join(", ", rule.methods()) + " requests")
                        + " to "
                        + rule.pathPattern()));
    return abilities;
  }

  /**
   * Reads what the person chose.
   *
   * @throws WebException 400 if a choice is none of those offered
   */
  Decision decision(Form form, Consumer consumer, Person person) {
    return new Decision(
        person.name(),
        person.identity(),
        permissions(form.value(PERMISSIONS), consumer),
        life(form.value(LIFE), consumer));
  }

  /** Says what a person narrowed, for the audit trail; empty for nothing. */
  static String describe(Decision decision) {
    Permissions permissions = decision.permissions();
    Duration life = decision.life();
    return (permissions == null ? "" : ", only " + String.join(", ", permissions.texts()))
        + (life == null ? "" : ", for " + life);
  }

  private List<Choice> choices(Consumer consumer) {
    List<Choice> choices = new ArrayList<>();
    List<PermissionSet> narrower = narrower(consumer);
    if (!narrower.isEmpty()) {
      List<Choice.Option> options = new ArrayList<>();
      options.add(new Choice.Option(AS_ASKED, "All of the above", "", true));
      for (PermissionSet set : narrower) {
        String label =
            set == PermissionSet.READ_ONLY ? "Only look at things" : "Look, and start builds";
        options.add(new Choice.Option(set.label(), label, "", false));
      }
      choices.add(new Choice(PERMISSIONS, "What may it do?", options));
    }
    List<Choice.Option> lives = new ArrayList<>();
    lives.add(
        new Choice.Option(
            AS_ASKED,
            "Until then",
            "It ends sooner if it is not used for " + words(idleLimit(consumer)) + ".",
            true));
    offeredLives(consumer)
        .forEach(
            (name, life) ->
                lives.add(
                    new Choice.Option(
                        name,
                        life.toDays() == 30
                            ? "30 days"
                            : life.toHours() == 24 ? "One day" : "One hour",
                        "",
                        false)));
    if (lives.size() > 1) {
      choices.add(new Choice(LIFE, "For how long?", lives));
    }
    return choices;
  }

  private static List<PermissionSet> narrower(Consumer consumer) {
    Permissions permissions = consumer.limits().permissions();
    if (permissions.unlimited()) {
      return List.of(PermissionSet.TRIGGER_BUILDS, PermissionSet.READ_ONLY);
    }
    boolean more =
        permissions.sets().contains(PermissionSet.TRIGGER_BUILDS) || !permissions.rules().isEmpty();
    return more ? List.of(PermissionSet.READ_ONLY) : List.of();
  }

  private Map<String, Duration> offeredLives(Consumer consumer) {
    Map<String, Duration> offered = new LinkedHashMap<>(LIVES);
    Duration longest = longestLife(consumer);
    offered.values().removeIf(life -> life.compareTo(longest) >= 0);
    return offered;
  }

  private Duration longestLife(Consumer consumer) {
    Duration own = consumer.limits().tokenLife();
    return own != null && own.compareTo(config.accessTokenLife()) < 0
        ? own
        : config.accessTokenLife();
  }

  private Duration idleLimit(Consumer consumer) {
    Duration own = consumer.limits().idleLimit();
    return own != null && own.compareTo(config.idleLimit()) < 0 ? own : config.idleLimit();
  }

  /** Says a duration in its largest fitting unit. */
  private static String words(Duration duration) {
    if (duration.compareTo(Duration.ofDays(2)) >= 0) {
      return duration.toDays() + " days";
    }
    return duration.compareTo(Duration.ofHours(2)) >= 0
        ? duration.toHours() + " hours"
        : duration.toMinutes() + " minutes";
  }

  private Instant ends(Consumer consumer) {
    return clock.instant().plus(longestLife(consumer));
  }

  private static @Nullable Permissions permissions(Optional<String> chosen, Consumer consumer) {
    if (chosen.isEmpty() || chosen.get().equals(AS_ASKED)) {
      return null;
    }
    return narrower(consumer).stream()
        .filter(set -> set.label().equals(chosen.get()))
        .findFirst()
        .map(set -> new Permissions(Set.of(set), List.of()))
        .orElseThrow(ConsentChoices::notOffered);
  }

  private @Nullable Duration life(Optional<String> chosen, Consumer consumer) {
    if (chosen.isEmpty() || chosen.get().equals(AS_ASKED)) {
      return null;
    }
    Duration life = offeredLives(consumer).get(chosen.get());
    if (life == null) {
      throw notOffered();
    }
    return life;
  }

  private static WebException notOffered() {
    return new WebException(
        400,
        "That request could not be read",
        "The form has a choice that was not offered, so nothing was decided.",
        "Go back and try again.");
  }
}
