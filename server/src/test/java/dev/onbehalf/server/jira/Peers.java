package dev.onbehalf.server.jira;

import dev.onbehalf.applinks.ApplicationId;
import dev.onbehalf.applinks.ApplicationLink;
import dev.onbehalf.applinks.ApplicationLinkDetails;
import dev.onbehalf.applinks.ApplicationLinks;
import dev.onbehalf.applinks.application.JiraApplicationType;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthAuthenticationProvider;
import dev.onbehalf.delivery.DataCenterJira;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;

/** Links to the stand-in. */
final class Peers {
  private Peers() {}

  static Peer of(DataCenterJira jira, InstantSource clock) {
    ApplicationLink link = link(jira.url(), DataCenterJira.SECRET);
    return new Peer("jira", () -> Optional.of(link), clock);
  }

  @SuppressWarnings("unchecked")
  static ApplicationLink link(URI url, String secret) {
    return ApplicationLinks.builder()
        .link(
            ApplicationLinkDetails.builder(
                    new ApplicationId("jira"),
                    "jira",
                    new JiraApplicationType(),
                    url,
                    Signer.hmac(
                        SignatureMethod.HMAC_SHA1, DataCenterJira.CONSUMER_KEY, Secret.of(secret)))
                .authentication(TwoLeggedOAuthAuthenticationProvider.class)
                .build())
        .build()
        .getApplicationLinks()
        .get(0);
  }
}
