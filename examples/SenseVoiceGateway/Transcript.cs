using System.Text;
using SpeechStream.Gateway;

namespace SenseVoiceGateway;

/// <summary>Makes text, and words with their times, of tokens.</summary>
internal static class Transcript
{
    /// <summary>CTC tells where a token is recognized, not how long it lasts: until the next one, but in a pause no longer than this.</summary>
    private static readonly TimeSpan LongestToken = TimeSpan.FromMilliseconds(240);

    /// <returns>Null for no text.</returns>
    public static DecodedText? Of(IReadOnlyList<Token> tokens, TimeSpan frameDuration)
    {
        var text = string.Concat(tokens.Select(token => token.Text)).Trim();
        return text.Length == 0 ? null : new DecodedText(text)
        {
            Confidence = tokens.Average(token => token.Probability),
            Words = Words(tokens, frameDuration),
        };
    }

    private static List<DecodedWord> Words(IReadOnlyList<Token> tokens, TimeSpan frameDuration)
    {
        var words = new List<DecodedWord>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var (begin, next) = (tokens[i].Frame * frameDuration, i + 1 < tokens.Count ? tokens[i + 1].Frame * frameDuration : TimeSpan.MaxValue);
            var end = next - begin < LongestToken ? next : begin + LongestToken;
            if (words is [.., var word] && !BeginsWord(word.Text, tokens[i].Text))
            {
                words[^1] = new DecodedWord(word.Text + tokens[i].Text, word.Begin, IsPunctuation(tokens[i].Text) ? word.End : end);
            }
            else
            {
                words.Add(new DecodedWord(tokens[i].Text, begin, end));
            }
        }

        return [.. words.Select(word => word with { Text = word.Text.Trim() }).Where(word => word.Text.Length > 0)];
    }

    /// <summary>A space begins a word, and so does each character of Chinese and Japanese. Punctuation belongs to the word before it.</summary>
    private static bool BeginsWord(string word, string token)
    {
        _ = Rune.DecodeFromUtf16(token, out var first, out _);
        _ = Rune.DecodeLastFromUtf16(word, out var last, out _);
        return token.StartsWith(' ') || (!IsPunctuation(token) && (IsWithoutSpaces(first) || IsWithoutSpaces(last)));
    }

    private static bool IsPunctuation(string token) => token.All(char.IsPunctuation);

    /// <summary>Chinese characters, Japanese syllables, and the punctuation that is used with them; not Korean, which has spaces.</summary>
    private static bool IsWithoutSpaces(Rune character) => character.Value is (>= 0x2E80 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF01 and <= 0xFF9F) or >= 0x20000;
}
