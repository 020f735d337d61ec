package dev.onbehalf.server.link;

import dev.onbehalf.applinks.ConsumerTokenStore;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditTrail;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What administrators do with links; each change is audited without secrets. */
public final class LinkAdministration {
  private final JdbiLinkStore store;
  private final ConsumerTokenStore tokens;
  private final InstanceIdentity identity;
  private final AuditTrail audit;
  private final InstantSource clock;

  LinkAdministration(
      JdbiLinkStore store,
      ConsumerTokenStore tokens,
      InstanceIdentity identity,
      AuditTrail audit,
      InstantSource clock) {
    this.store = store;
    this.tokens = tokens;
    this.identity = identity;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Who changes something.
   *
   * @param name for the audit trail
   * @param requestId the request it belongs to
   * @param remoteAddress the client's address; null where none takes part
   */
  public record Actor(String name, String requestId, @Nullable String remoteAddress) {}

  /** Starts a link, to be completed and given to {@link #add}. */
  public LinkBuilder newLink(String name, URI rpcUrl) {
    return newLink(UUID.randomUUID(), name, rpcUrl);
  }

  /** Starts a link under the id by which the peer names itself. */
  public LinkBuilder newLink(UUID id, String name, URI rpcUrl) {
    return new LinkBuilder(id, name, rpcUrl, identity.consumerKey(), now());
  }

  /**
   * Adds a link.
   *
   * @throws IllegalArgumentException with one sentence, if its name or id is taken
   */
  public Link add(Actor actor, Link link) {
    store.add(link);
    record(actor, "link-add", link, described(fields(link)));
    return link;
  }

  /**
   * Changes a link by {@code edit}, which gets it as it is now.
   *
   * @return the changed link
   * @throws IllegalArgumentException with one sentence, if there is none of that id or the change
   *     is not valid
   */
  public Link edit(Actor actor, UUID id, UnaryOperator<LinkBuilder> edit) {
    JdbiLinkStore.Edited edited =
        store.change(id, before -> edit.apply(new LinkBuilder(before, now())).build());
    record(actor, "link-edit", edited.after(), differences(edited.before(), edited.after()));
    return edited.after();
  }

  /** Removes a link and the tokens people granted it; says whether there was one. */
  public boolean remove(Actor actor, UUID id) {
    Optional<Link> link = store.find(id.toString());
    boolean removed = store.remove(id);
    if (removed && link.isPresent()) {
      record(actor, "link-remove", link.get(), "");
    }
    return removed;
  }

  /**
   * Forgets the tokens people granted a link, so that each authorises it anew: the cure for a peer
   * that has forgotten this server.
   *
   * @return how many people had one
   */
  public int reset(Actor actor, Link link) {
    int people = store.authorised(link.id());
    tokens.removeAll(link.applicationId());
    record(actor, "link-reset", link, "Tokens of " + people + " people forgotten.");
    return people;
  }

  /** Notes that a link was tried. */
  public void tested(Actor actor, Link link, @Nullable String person, LinkReport report) {
    StringJoiner faults = new StringJoiner(", ", "Faults: ", ".").setEmptyValue("No fault.");
    report.findings().stream()
        .filter(finding -> finding.outcome() == LinkReport.Outcome.FAULT)
        .forEach(finding -> faults.add(finding.check() + " " + finding.type()));
    audit.record(event(actor, "link-test", link, faults.toString()).actedAs(person).build());
  }

  /** Counts the people who have granted a link a token. */
  public int authorised(Link link) {
    return store.authorised(link.id());
  }

  /** As it is stored. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private void record(Actor actor, String action, Link link, String detail) {
    audit.record(event(actor, action, link, detail).build());
  }

  private AuditEvent.Builder event(Actor actor, String action, Link link, String detail) {
    String sentence = "Link '" + link.name() + "' (" + link.id() + "). " + detail;
    return AuditEvent.builder(
            clock.instant(), actor.requestId(), action, AuditEvent.Outcome.ALLOWED)
        .consumer(link.consumerKey())
        .person(actor.name())
        .detail(sentence.strip())
        .remoteAddress(actor.remoteAddress());
  }

  private static String differences(Link before, Link after) {
    Map<String, String> old = fields(before);
    Map<String, String> changed = new LinkedHashMap<>();
    fields(after)
        .forEach(
            (name, value) -> {
              if (!value.equals(old.get(name))) {
                changed.put(name, old.get(name) + " -> " + value);
              }
            });
    if (before.secret() != null
        && after.secret() != null
        && !before.secret().equals(after.secret())) {
      changed.put("secret", "another one");
    }
    return changed.isEmpty() ? "Nothing changed." : described(changed);
  }

  private static String described(Map<String, String> fields) {
    StringJoiner text = new StringJoiner("; ");
    fields.forEach((name, value) -> text.add(name + ": " + value));
    return text.toString();
  }

  private static Map<String, String> fields(Link link) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("name", link.name());
    fields.put("type", link.type().typeId());
    fields.put("url", link.rpcUrl().toString());
    fields.put("display url", link.displayUrl().toString());
    fields.put("consumer key", link.consumerKey());
    fields.put("method", link.signatureMethod().parameterValue());
    fields.put("secret", link.secret() == null ? "none" : "set");
    fields.put("three-legged", onOff(link.levels().threeLegged()));
    fields.put("two-legged", onOff(link.levels().twoLegged()));
    fields.put("impersonation", onOff(link.levels().impersonation()));
    fields.put(
        "endpoints",
        link.endpoints() == null ? "of Atlassian products" : link.endpoints().toString());
    fields.put("callback confirmation", link.callbackConfirmed() ? "required" : "optional");
    fields.put("private addresses", onOff(link.privateAddresses()));
    fields.put("browser sessions", onOff(link.browserSessions()));
    fields.put("peer's consumer key", String.valueOf(link.peerConsumerKey()));
    return fields;
  }

  private static String onOff(boolean value) {
    return value ? "on" : "off";
  }
}
