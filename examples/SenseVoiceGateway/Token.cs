namespace SenseVoiceGateway;

/// <summary>A piece of a word, or a character of a language that is written without spaces.</summary>
/// <param name="Text">As the model's vocabulary has it, with a space before the begin of a word.</param>
/// <param name="Frame">The first frame of the model in which it is the most likely one.</param>
/// <param name="Probability">How likely it is there, from 0 to 1.</param>
internal readonly record struct Token(string Text, int Frame, double Probability);
