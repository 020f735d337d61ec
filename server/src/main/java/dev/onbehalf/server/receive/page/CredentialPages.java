package dev.onbehalf.server.receive.page;

import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.receive.Credential;
import dev.onbehalf.server.receive.CredentialAdministration;
import dev.onbehalf.server.receive.CredentialAdministration.Actor;
import dev.onbehalf.server.receive.CredentialAdministration.Issued;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebHandler;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.CredentialFormPage;
import dev.onbehalf.server.web.page.CredentialPage;
import dev.onbehalf.server.web.page.CredentialSecretPage;
import dev.onbehalf.server.web.page.CredentialsPage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets administrators make, change and end credentials; by the rules of the commands for it. */
final class CredentialPages {
  static final String PATH = "/credentials";

  private static final String NEW = PATH + "/new";
  private static final String DONE = "done";
  private static final Map<String, String> NOTICES =
      Map.of(
          "changed", "Changed.",
          "retired", "The secret has ended, and every token that was given for it.",
          "disabled", "Switched off: it can send nothing until it is switched on again.",
          "enabled", "Switched on.",
          "deleted", "Deleted.");

  private final CredentialAdministration credentials;
  private final Visitors visitors;
  private final InstantSource clock;

  CredentialPages(ReceivingPages.Parts parts, Visitors visitors) {
    this.credentials = parts.credentials();
    this.visitors = visitors;
    this.clock = parts.clock();
  }

  void addTo(Routes routes) {
    routes
        .add(
            PATH,
            Methods.get(visitors.administrators(this::list))
                .andPost(visitors.administratorsPost(this::create)))
        .add(NEW, Methods.get(visitors.administrators(this::blank)))
        .addFamily(PATH + "/", this::below);
  }

  /** What is done with one credential, found by its client id. */
  @FunctionalInterface
  private interface Deed {
    WebResponse answer(WebRequest request, Session session, Form form, Credential credential);
  }

  private Optional<WebHandler> below(String rawPath) {
    String[] parts = rawPath.substring(PATH.length() + 1).split("/", -1);
    String id = parts[0];
    return switch (parts.length == 1 ? "" : parts.length == 2 ? parts[1] : "/") {
      case "" ->
          Optional.of(
              Methods.get(
                  visitors.administrators(
                      (request, session) -> shown(request, session, id, this::one))));
      case "edit" ->
          Optional.of(
              Methods.get(
                      visitors.administrators(
                          (request, session) -> shown(request, session, id, this::editor)))
                  .andPost(deed(id, this::edit)));
      case "rotate" -> Optional.of(Methods.post(deed(id, this::rotate)));
      case "retire" -> Optional.of(Methods.post(deed(id, this::retire)));
      case "disable" -> Optional.of(Methods.post(deed(id, this::disable)));
      case "enable" -> Optional.of(Methods.post(deed(id, this::enable)));
      case "delete" -> Optional.of(Methods.post(deed(id, this::delete)));
      default -> Optional.empty();
    };
  }

  /** What shows one credential. */
  @FunctionalInterface
  private interface View {
    WebResponse answer(WebRequest request, Session session, Credential credential);
  }

  private WebResponse shown(WebRequest request, Session session, String id, View view) {
    return existing(id)
        .map(credential -> view.answer(request, session, credential))
        .orElseGet(
            () ->
                visitors.notFound(
                    request, session, "There is no such credential.", "It may have been deleted."));
  }

  private WebHandler deed(String id, Deed deed) {
    return visitors.administratorsPost(
        (request, session) -> {
          Form form = session.form(request);
          return shown(
              request,
              session,
              id,
              (sameRequest, sameSession, credential) -> {
                try {
                  return deed.answer(request, session, form, credential);
                } catch (IllegalArgumentException e) {
                  return visitors.show(
                      request, 400, page(session, credential, null, e.getMessage()), session);
                }
              });
        });
  }

  /** By client id alone: names may be given anew. */
  private Optional<Credential> existing(String clientId) {
    return credentials.find(clientId).filter(found -> found.clientId().equals(clientId));
  }

  private WebResponse list(WebRequest request, Session session) {
    Instant now = clock.instant();
    return visitors.show(
        request,
        200,
        new CredentialsPage(
            credentials.all().stream()
                .map(credential -> CredentialWords.entry(credential, path(credential), now))
                .toList(),
            notice(request),
            NEW),
        session);
  }

  private WebResponse one(WebRequest request, Session session, Credential credential) {
    return visitors.show(request, 200, page(session, credential, notice(request), null), session);
  }

  private CredentialPage page(
      Session session, Credential credential, @Nullable String notice, @Nullable String problem) {
    List<CredentialPage.LiveSecret> secrets =
        credential.secrets().stream()
            .map(
                secret ->
                    new CredentialPage.LiveSecret(secret.id(), secret.created(), secret.lastUsed()))
            .toList();
    return new CredentialPage(
        CredentialWords.entry(credential, path(credential), clock.instant()),
        credential.clientId(),
        credential.enabled(),
        secrets,
        notice,
        problem,
        PATH,
        session.csrfToken());
  }

  private WebResponse blank(WebRequest request, Session session) {
    return visitors.show(
        request, 200, CredentialForm.blank().page(null, session.csrfToken()), session);
  }

  private WebResponse create(WebRequest request, Session session) {
    CredentialForm form = CredentialForm.read(session.form(request));
    try {
      Issued issued =
          credentials.create(
              actor(request, session),
              form.name(),
              form.scopes(null),
              form.projects(),
              form.expires(null, clock.instant()));
      return secret(request, session, issued, true);
    } catch (IllegalArgumentException e) {
      return again(request, session, form.page(e.getMessage(), session.csrfToken()));
    }
  }

  private WebResponse editor(WebRequest request, Session session, Credential credential) {
    return visitors.show(
        request,
        200,
        CredentialForm.of(credential).page(null, session.csrfToken(), credential, path(credential)),
        session);
  }

  private WebResponse edit(
      WebRequest request, Session session, Form posted, Credential credential) {
    CredentialForm form = CredentialForm.read(posted);
    try {
      credentials.edit(
          actor(request, session),
          credential,
          before ->
              before.with(
                  form.name().strip(),
                  form.scopes(before),
                  form.projects(),
                  form.expires(before, clock.instant())));
    } catch (IllegalArgumentException e) {
      return again(
          request,
          session,
          form.page(e.getMessage(), session.csrfToken(), credential, path(credential)));
    }
    return done(request, path(credential), "changed");
  }

  private WebResponse rotate(
      WebRequest request, Session session, Form form, Credential credential) {
    return secret(request, session, credentials.rotate(actor(request, session), credential), false);
  }

  private WebResponse retire(
      WebRequest request, Session session, Form form, Credential credential) {
    String id =
        form.value("secret")
            .orElseThrow(() -> WebException.badRequest("The form does not say which secret ends."));
    credentials.retire(actor(request, session), credential, id);
    return done(request, path(credential), "retired");
  }

  private WebResponse disable(
      WebRequest request, Session session, Form form, Credential credential) {
    return enabled(request, session, credential, false);
  }

  private WebResponse enable(
      WebRequest request, Session session, Form form, Credential credential) {
    return enabled(request, session, credential, true);
  }

  private WebResponse enabled(
      WebRequest request, Session session, Credential credential, boolean wanted) {
    credentials.edit(actor(request, session), credential, before -> before.withEnabled(wanted));
    return done(request, path(credential), wanted ? "enabled" : "disabled");
  }

  private WebResponse delete(
      WebRequest request, Session session, Form form, Credential credential) {
    String data = form.value("data").orElse("");
    if (!data.equals("keep") && !data.equals("delete")) {
      throw new IllegalArgumentException("Choose what becomes of the data it sent.");
    }
    credentials.delete(actor(request, session), credential, data.equals("delete"));
    return done(request, PATH, "deleted");
  }

  private WebResponse secret(WebRequest request, Session session, Issued issued, boolean first) {
    Credential credential = issued.credential();
    return visitors.show(
        request,
        200,
        new CredentialSecretPage(
            credential.name(),
            credential.clientId(),
            issued.secret(),
            first,
            request.publicUrl().with(""),
            path(credential)),
        session);
  }

  private WebResponse again(WebRequest request, Session session, CredentialFormPage page) {
    return visitors.show(request, 400, page, session);
  }

  private static WebResponse done(WebRequest request, String path, String what) {
    return WebResponse.redirect(request.publicUrl().with(path) + "?" + DONE + "=" + what);
  }

  private static @Nullable String notice(WebRequest request) {
    return Form.query(request).value(DONE).map(NOTICES::get).orElse(null);
  }

  private static Actor actor(WebRequest request, Session session) {
    return new Actor(session.person().name(), request.id());
  }

  private static String path(Credential credential) {
    return PATH + "/" + credential.clientId();
  }
}
