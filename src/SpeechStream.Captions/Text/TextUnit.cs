namespace SpeechStream.Captions.Text;

/// <summary>The part of a text between two places where it may be broken, without the white space around it.</summary>
/// <param name="Start">Where it starts in the text.</param>
/// <param name="End">Where it ends in the text.</param>
/// <param name="Column">The columns of all text before it, white space too.</param>
/// <param name="Width">Its columns.</param>
/// <param name="After">What kind of break is behind it.</param>
internal readonly record struct TextUnit(int Start, int End, int Column, int Width, BreakKind After);
