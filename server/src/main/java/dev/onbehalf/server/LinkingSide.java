package dev.onbehalf.server;

import dev.onbehalf.applinks.ApplicationLink;
import dev.onbehalf.server.access.AccessPolicy;
import dev.onbehalf.server.build.BuildIdentity;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.link.Link;
import dev.onbehalf.server.link.Links;
import dev.onbehalf.server.link.PeerConsumers;
import dev.onbehalf.server.outgoing.Destinations;
import dev.onbehalf.server.outgoing.Outgoing;
import dev.onbehalf.server.outgoing.PersonalTokens;
import dev.onbehalf.server.provider.Consumer;
import dev.onbehalf.server.provider.Provider;
import dev.onbehalf.server.store.Purger;
import dev.onbehalf.server.web.Places;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.page.HomePage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The links to other applications, and who may act through them: people, scripts and builds. */
final class LinkingSide {
  /** Where people make tokens for their scripts. */
  static final HomePage.Link SCRIPTS =
      new HomePage.Link(
          Outgoing.PERSONAL_TOKENS, "My scripts", "Make a token for a script, or end one.");

  private final Links links;
  private final Outgoing outgoing;
  private final PersonalTokens personalTokens;
  private final @Nullable BuildIdentity builds;

  LinkingSide(Foundation base, Provider provider, AccessPolicy policy, Routes routes) {
    Configuration configuration = base.configuration();
    Places places = Places.standard();
    links =
        Links.open(
            new Links.Parts(
                configuration,
                base.database(),
                base.sealer(),
                new InstanceIdentityOfProvider(provider),
                base.audit(),
                base.directory(),
                base.clock(),
                base.http(),
                places));
    links
        .addRoutes(routes, base.pages(), base.sessions(), base.signIn())
        .publish(routes, levels(provider), provider.authenticator());
    personalTokens =
        new PersonalTokens(base.database(), base.sealer(), base.directory(), base.clock());
    Path buildsFile = configuration.outgoing().buildsFile();
    builds =
        buildsFile == null
            ? null
            : BuildIdentity.open(
                new BuildIdentity.Parts(
                    buildsFile,
                    configuration.applications(),
                    base.database(),
                    base.sealer(),
                    base.directory(),
                    base.clock(),
                    base.http(),
                    places));
    outgoing =
        new Outgoing(
            new Outgoing.Parts(
                name -> links.find(name).map(this::destination),
                personalTokens,
                builds,
                provider.authenticator(),
                policy,
                Set.copyOf(configuration.outgoing().consumers()),
                base.sessions(),
                base.signIn(),
                base.pages(),
                base.audit(),
                base.clock(),
                places));
    outgoing.addTo(routes);
  }

  Links links() {
    return links;
  }

  Outgoing outgoing() {
    return outgoing;
  }

  PersonalTokens personalTokens() {
    return personalTokens;
  }

  /** Finds the application link of an id or name. */
  Optional<ApplicationLink> applicationLink(String idOrName) {
    return links.find(idOrName).map(links::applicationLink);
  }

  /** Adds what is to be done now and then. */
  void register(Purger purger) {
    purger.register("personal tokens", personalTokens::purge);
    if (builds != null) {
      purger.register("tokens of builds", builds::purge);
    }
  }

  private Destinations.Destination destination(Link link) {
    return new Destinations.Destination(
        link.name(),
        links.applicationLink(link),
        Links.authorizePath(link, null),
        link.levels().threeLegged(),
        link.browserSessions());
  }

  private static PeerConsumers levels(Provider provider) {
    return key ->
        provider
            .administration()
            .consumer(key)
            .filter(Consumer::enabled)
            .map(
                consumer ->
                    new Link.Levels(
                        consumer.threeLegged(), consumer.twoLegged(), consumer.impersonation()));
  }
}
