package dev.onbehalf.applinks;

import dev.onbehalf.applinks.application.ApplicationType;
import dev.onbehalf.applinks.auth.AuthenticationProvider;
import java.net.URI;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A link with whoever acts through it. */
final class ConfiguredLink implements ApplicationLink {
  private final ApplicationLinkDetails details;
  private final LinkContext context;
  private final Supplier<@Nullable String> person;

  ConfiguredLink(
      ApplicationLinkDetails details, LinkContext context, Supplier<@Nullable String> person) {
    this.details = details;
    this.context = context;
    this.person = person;
  }

  @Override
  public ApplicationId getId() {
    return details.id();
  }

  @Override
  public ApplicationType getType() {
    return details.type();
  }

  @Override
  public String getName() {
    return details.name();
  }

  @Override
  public URI getDisplayUrl() {
    return details.displayUrl();
  }

  @Override
  public URI getRpcUrl() {
    return details.rpcUrl();
  }

  @Override
  public boolean isPrimary() {
    return details.primary();
  }

  @Override
  public ApplicationLink actingAs(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("The name of the acting person must not be blank.");
    }
    return new ConfiguredLink(details, context, () -> name);
  }

  @Override
  public LoginDance loginDance() {
    return new LoginDance(details, context, requirePerson(details, person.get()));
  }

  @Override
  public ApplicationLinkRequestFactory createAuthenticatedRequestFactory() {
    ApplicationLinkRequestFactory factory = first(mode -> true);
    if (factory == null) {
      throw new IllegalStateException("A link has at least one way of authentication.");
    }
    return factory;
  }

  @Override
  public @Nullable ApplicationLinkRequestFactory createAuthenticatedRequestFactory(
      Class<? extends AuthenticationProvider> provider) {
    Mode asked = Mode.of(provider);
    return first(mode -> mode == asked);
  }

  @Override
  public @Nullable ApplicationLinkRequestFactory createImpersonatingAuthenticatedRequestFactory() {
    return first(Mode::asPerson);
  }

  @Override
  public @Nullable ApplicationLinkRequestFactory
      createNonImpersonatingAuthenticatedRequestFactory() {
    return first(mode -> !mode.asPerson());
  }

  private @Nullable ApplicationLinkRequestFactory first(Predicate<Mode> wanted) {
    for (Mode mode : details.modes()) {
      if (wanted.test(mode)) {
        return new RequestFactory(details, context, mode, mode.asPerson() ? person.get() : null);
      }
    }
    return null;
  }

  static String requirePerson(ApplicationLinkDetails link, @Nullable String person) {
    if (person == null || person.isBlank()) {
      throw new IllegalStateException(
          "Nobody acts: say who with ApplicationLink.actingAs before using the link '"
              + link.name()
              + "'.");
    }
    return person;
  }

  @Override
  public String toString() {
    return "ApplicationLink[" + details.id() + ", " + details.name() + "]";
  }
}
