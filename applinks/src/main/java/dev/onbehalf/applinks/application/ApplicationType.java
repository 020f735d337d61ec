package dev.onbehalf.applinks.application;

import java.util.List;

/** The kind of a linked application, as its manifest names it ({@code docs/peer-facts.md} 1.13). */
public sealed interface ApplicationType
    permits JiraApplicationType,
        ConfluenceApplicationType,
        BitbucketApplicationType,
        BambooApplicationType,
        CrowdApplicationType,
        FishEyeCrucibleApplicationType,
        GenericApplicationType,
        RefAppApplicationType {

  /**
   * Returns the identifier in manifests, for example {@code jira}; that of Bitbucket is {@code
   * stash}.
   */
  String typeId();

  /**
   * Finds a type by its identifier.
   *
   * @throws IllegalArgumentException if there is no such type
   */
  static ApplicationType of(String typeId) {
    return All.TYPES.stream()
        .filter(type -> type.typeId().equals(typeId))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no application type '"
                        + typeId
                        + "'; use one of "
                        + String.join(
                            ", ", All.TYPES.stream().map(ApplicationType::typeId).toList())
                        + "."));
  }

  /** All types. */
  final class All {
    private static final List<ApplicationType> TYPES =
        List.of(
            new JiraApplicationType(),
            new ConfluenceApplicationType(),
            new BitbucketApplicationType(),
            new BambooApplicationType(),
            new CrowdApplicationType(),
            new FishEyeCrucibleApplicationType(),
            new GenericApplicationType(),
            new RefAppApplicationType());

    private All() {}
  }
}
