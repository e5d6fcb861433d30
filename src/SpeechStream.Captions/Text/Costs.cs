namespace SpeechStream.Captions.Text;

/// <summary>What makes one way to cut a text worse than another. Only the proportions matter.</summary>
internal static class Costs
{
    /// <summary>Of each cue: a sentence in fewer cues is quieter.</summary>
    public const double Cue = 4;

    /// <summary>Of a cue that is nearly empty; less of one that is fuller. So cues are about equally long, and no single word is left for the last one.</summary>
    public const double EmptyCue = 4;

    /// <summary>Of a cue that stands for no time before the next one comes; less if it stands nearly as long as it should.</summary>
    public const double ShortCue = 40;

    /// <summary>Of a cue whose words take longer than it may stand, and again for each second.</summary>
    public const double LongCue = 20;

    /// <summary>Of each second that is missing to read a cue.</summary>
    public const double UnreadSecond = 2;

    /// <summary>Of each line: text is broken only where it has to.</summary>
    public const double Line = 1000;

    /// <summary>Of a full line; less, with the square, of shorter ones. So two lines are about equally long.</summary>
    public const double FullLine = 40;

    /// <summary>Of breaking the text at a place. A pause of the speaker makes the break better: half as bad with half a second.</summary>
    public static double Break(BreakKind kind, TimeSpan pause) => kind switch
    {
        BreakKind.Sentence => 0,
        BreakKind.Clause => 2,
        BreakKind.Word => 8,
        BreakKind.Phrase => 14,
        BreakKind.Character => 12,
        BreakKind.Part => 24,
        _ => 40,
    } / (1 + (2 * Math.Max(pause.TotalSeconds, 0)));
}
