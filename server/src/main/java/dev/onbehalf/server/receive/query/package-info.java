/**
 * The query language over received builds and deployments: text to syntax tree to SQL whose only
 * literals are our own.
 */
@NullMarked
package dev.onbehalf.server.receive.query;

import org.jspecify.annotations.NullMarked;
