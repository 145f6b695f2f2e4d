/** How cards look: sizes here, colours as custom properties of the stylesheet, so a change of theme redraws nothing. */

const plain = (name) => ({ default: `var(--${name})`, subtle: `var(--${name})` });

const foregroundColors = {
  default: { default: "var(--text)", subtle: "var(--text-soft)" },
  dark: plain("text"),
  light: plain("text-soft"),
  accent: plain("accent-text"),
  good: plain("good"),
  warning: plain("warning"),
  attention: plain("attention"),
};

const container = (background) => ({ backgroundColor: `var(--${background})`, foregroundColors });

const font = (fontFamily) => ({
  fontFamily,
  fontSizes: { small: 12, default: 14, medium: 15, large: 18, extraLarge: 22 },
  fontWeights: { lighter: 400, default: 400, bolder: 600 },
});

export const HOST_CONFIG = {
  fontTypes: { default: font("inherit"), monospace: font("ui-monospace, monospace") },
  spacing: { small: 4, default: 8, medium: 14, large: 20, extraLarge: 28, padding: 14 },
  separator: { lineThickness: 1, lineColor: "var(--line)" },
  imageSizes: { small: 32, medium: 52, large: 100 },
  containerStyles: {
    default: container("surface"),
    emphasis: container("emphasis"),
    accent: container("accent-soft"),
    good: container("good-soft"),
    warning: container("warning-soft"),
    attention: container("attention-soft"),
  },
  inputs: {
    label: {
      inputSpacing: "small",
      requiredInputs: { weight: "bolder", suffix: " *", suffixColor: "attention" },
      optionalInputs: { weight: "bolder" },
    },
    errorMessage: { color: "attention", weight: "default" },
  },
  actions: {
    maxActions: 6,
    spacing: "medium",
    buttonSpacing: 8,
    actionsOrientation: "horizontal",
    actionAlignment: "left",
    allowTitleToWrap: true,
    showCard: { actionMode: "inline", inlineTopMargin: 12, style: "emphasis" },
  },
  factSet: {
    title: { weight: "bolder", wrap: true, maxWidth: 150 },
    value: { wrap: true },
    spacing: 12,
  },
  textBlock: { headingLevel: 3 },
  textStyles: {
    heading: { size: "large", weight: "bolder", color: "default", isSubtle: false },
    columnHeader: { weight: "bolder" },
  },
};
