using System.Text;
using CsCheck;

namespace SpeechStream.Captions.Tests;

/// <summary>Random sentences of one speaker, with all that is known about them.</summary>
internal sealed record Speech(IReadOnlyList<SpokenSentence> Sentences)
{
    public static Gen<Speech> Of(Gen<Token> token, Gen<WordForm> form, bool hasDoubleSpaces = true) => Gen.Select(
        Gen.Select(token.Array[1, 40], Gen.Int[0, 3000], form, Gen.Bool).Array[1, 4],
        sentences =>
        {
            var (made, time) = (new List<SpokenSentence>(), 0);
            foreach (var (tokens, pause, words, isWide) in sentences)
            {
                made.Add(SpokenSentence.Say(tokens, made.Count + 1, time += pause, words, hasDoubleSpaces && isWide ? "  " : " "));
                time = (int)made[^1].Event.Time.TotalMilliseconds;
            }

            return new Speech(made);
        });

    public static Gen<Speech> Any { get; } = Of(Token.Any, Gen.Enum<WordForm>());

    public IReadOnlyList<Cue> Captions(CaptionOptions options) => Captions(Sentences.Select(sentence => sentence.Event), options);

    public static IReadOnlyList<Cue> Captions(IEnumerable<TranscriptionEvent> events, CaptionOptions options) =>
        events.ToAsyncEnumerable().ToCaptionsAsync(options).ToBlockingEnumerable().ToList();

    /// <summary>A failing test prints this.</summary>
    public override string ToString() => string.Join('\n', Sentences.Select(sentence => $"{sentence.Event.BeginTime}-{sentence.Event.Time} {sentence.Form} {sentence.Event.Text}"));
}

/// <summary>What the recognizer says of the words of a sentence.</summary>
internal enum WordForm
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The letters as they are written.</summary>
    Verbatim,

    /// <summary>The same, and each punctuation mark as a word.</summary>
    Punctuated,

    /// <summary>Numbers as they were spoken; nothing for emoji.</summary>
    Spoken,

    /// <summary>Times that can't be: all 0.</summary>
    Timeless,
}

internal sealed record SpokenSentence(SentenceEnd Event, WordForm Form, IReadOnlyDictionary<int, TimeSpan> Begins)
{
    /// <summary>The text without white space.</summary>
    public string Letters => Without(Event.Text);

    public static string Without(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));

    public static SpokenSentence Say(Token[] tokens, int index, int begin, WordForm form, string space)
    {
        var (text, words, begins, time) = (new StringBuilder(), new List<Word>(), new Dictionary<int, TimeSpan>(), begin);
        foreach (var token in tokens)
        {
            text.Append(text.Length > 0 && (token.IsSpaced || char.IsAsciiLetterOrDigit(text[^1])) ? space : "");
            time += token.Pause;
            var (start, place) = (text.Length, 0);
            text.Append(token.Text);
            foreach (var word in form == WordForm.Spoken || token.IsVerbatim ? token.Words : [token.Text])
            {
                var spoken = new Word(word, TimeSpan.FromMilliseconds(time), TimeSpan.FromMilliseconds(time += token.Milliseconds));
                words.Add(form == WordForm.Timeless ? new(word, default, default) : spoken);
                if (token.Text.IndexOf(word, place, StringComparison.Ordinal) is >= 0 and var found)
                {
                    begins[start + found] = spoken.StartTime;
                    place = found + word.Length;
                }
            }

            if (form == WordForm.Punctuated && token.Text.Length > 1 && !char.IsLetterOrDigit(token.Text[^1]))
            {
                words.Add(new(token.Text[^1..], TimeSpan.FromMilliseconds(time), TimeSpan.FromMilliseconds(time)));
            }
        }

        var sentence = new SentenceEnd
        {
            Index = index,
            Text = text.ToString(),
            BeginTime = TimeSpan.FromMilliseconds(begin),
            Time = TimeSpan.FromMilliseconds(time),
            Words = form == WordForm.None ? [] : [.. words],
        };
        return new(sentence, form, begins);
    }
}
