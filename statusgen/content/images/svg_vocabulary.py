"""The elements, attributes and properties of SVG 1.1 and 2 that draw: all that is kept of a drawing."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Elements whose text is drawn.
TEXT_ELEMENTS = _words("text tspan textPath")
ANIMATIONS = _words("animate animateMotion animateTransform set")
ELEMENTS = TEXT_ELEMENTS | ANIMATIONS
ELEMENTS |= _words(
    """svg g defs symbol use switch path rect circle ellipse line polyline polygon image style title mpath
    linearGradient radialGradient stop pattern clipPath mask marker filter feBlend feColorMatrix
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight
    feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode
    feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence"""
)
# What can be an attribute and a property of a style.
_PRESENTATION = _words(
    """alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation
    color-interpolation-filters color-rendering cursor cx cy d direction display dominant-baseline fill
    fill-opacity fill-rule filter flood-color flood-opacity font font-family font-feature-settings
    font-kerning font-size font-size-adjust font-stretch font-style font-variant font-variant-caps
    font-variant-east-asian font-variant-ligatures font-variant-numeric font-variant-position
    font-variation-settings font-weight glyph-orientation-horizontal glyph-orientation-vertical height
    image-rendering isolation kerning letter-spacing lighting-color line-height marker marker-end marker-mid
    marker-start mask mask-mode mask-type mix-blend-mode opacity overflow overflow-x overflow-y paint-order
    pointer-events r rx ry shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset
    stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-align text-anchor
    text-decoration text-decoration-color text-decoration-line text-decoration-style text-indent
    text-orientation text-overflow text-rendering text-transform transform transform-box transform-origin
    unicode-bidi vector-effect visibility white-space width word-spacing writing-mode x y"""
)
PROPERTIES = _PRESENTATION | _words(
    """all animation animation-delay animation-direction animation-duration animation-fill-mode
    animation-iteration-count animation-name animation-play-state animation-timing-function background
    background-color backface-visibility border-radius color-scheme filter margin max-height max-width
    min-height min-width offset-distance offset-path padding perspective perspective-origin position rotate
    scale src top left right bottom transform-style transition transition-delay transition-duration
    transition-property transition-timing-function translate unicode-range will-change z-index"""
)
ATTRIBUTES = _PRESENTATION | _words(
    """accumulate additive amplitude aria-hidden aria-label aria-labelledby attributeName attributeType azimuth
    baseFrequency baseProfile begin bias by calcMode class clipPathUnits diffuseConstant divisor dur dx dy
    edgeMode elevation end exponent filterRes filterUnits focusable from fr fx fy gradientTransform
    gradientUnits href id in in2 intercept k1 k2 k3 k4 kernelMatrix kernelUnitLength keyPoints keySplines
    keyTimes lang lengthAdjust limitingConeAngle markerHeight markerUnits markerWidth maskContentUnits
    maskUnits max media method min mode numOctaves offset operator order orient origin path pathLength
    patternContentUnits patternTransform patternUnits points pointsAtX pointsAtY pointsAtZ preserveAlpha
    preserveAspectRatio primitiveUnits radius refX refY repeatCount repeatDur requiredExtensions
    requiredFeatures restart result role rotate scale seed side slope spacing specularConstant
    specularExponent spreadMethod startOffset stdDeviation stitchTiles style surfaceScale systemLanguage
    tableValues targetX targetY textLength to type values version viewBox x1 x2 xChannelSelector y1 y2
    yChannelSelector z"""
)
