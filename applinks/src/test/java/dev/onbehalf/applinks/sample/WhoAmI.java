package dev.onbehalf.applinks.sample;

import dev.onbehalf.applinks.*;
import dev.onbehalf.applinks.application.GenericApplicationType;
import dev.onbehalf.oauth1.*;
import java.net.URI;
import java.nio.file.*;
import java.util.Scanner;

/** Asks a linked application who we are there: URL, consumer key, key file, person. */
public final class WhoAmI {
  public static void main(String[] args) throws Exception {
    Secret pem = Secret.of(Files.readString(Path.of(args[2])));
    Signer signer = Signer.rsa(SignatureMethod.RSA_SHA1, args[1], Keys.privateKey(pem));
    ApplicationId id = new ApplicationId("ci");
    GenericApplicationType type = new GenericApplicationType();
    ApplicationLinkDetails details =
        ApplicationLinkDetails.builder(id, "CI", type, URI.create(args[0]), signer).build();
    ApplicationLinks links = ApplicationLinks.builder().link(details).build();
    ApplicationLink link = links.getApplicationLinks().get(0).actingAs(args[3]);
    try {
      System.out.println(ask(link));
    } catch (CredentialsRequiredException e) {
      System.out.println("Allow it at " + e.getAuthorisationURI() + " and type the code:");
      link.loginDance().finish(new Scanner(System.in, "UTF-8").nextLine());
      System.out.println(ask(link));
    }
  }

  private static String ask(ApplicationLink link) throws Exception {
    return link.createAuthenticatedRequestFactory()
        .createRequest(Request.MethodType.GET, "/me/api/json")
        .execute();
  }
}
