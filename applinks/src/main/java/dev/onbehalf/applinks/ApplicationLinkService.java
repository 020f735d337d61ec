package dev.onbehalf.applinks;

import dev.onbehalf.applinks.application.ApplicationType;
import org.jspecify.annotations.Nullable;

/** Finds application links. */
public interface ApplicationLinkService {

  /** Returns the link of an identifier; null where there is none. */
  @Nullable ApplicationLink getApplicationLink(ApplicationId id);

  /** Returns all links, in the order they were configured. */
  Iterable<ApplicationLink> getApplicationLinks();

  /** Returns the links of a type, the primary one first. */
  Iterable<ApplicationLink> getApplicationLinks(Class<? extends ApplicationType> type);

  /** Returns the primary link of a type; null where no link has the type. */
  @Nullable ApplicationLink getPrimaryApplicationLink(Class<? extends ApplicationType> type);
}
