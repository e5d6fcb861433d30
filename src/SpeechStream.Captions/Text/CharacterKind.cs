namespace SpeechStream.Captions.Text;

/// <summary>What a character is for breaking lines. Each value stands for one or more classes of UAX #14.</summary>
internal enum CharacterKind
{
    /// <summary>Joins with its like to words (AL, HL, H2, H3, JL, JV, JT, SA). Korean has words with spaces between them, so its syllables are letters here.</summary>
    Letter,

    /// <summary>Joins to numbers (NU).</summary>
    Digit,

    /// <summary>May be broken from its like (ID, EB, EM, RI).</summary>
    Ideograph,

    /// <summary>Never ends a line (OP).</summary>
    Opening,

    /// <summary>Never begins a line (CL, CP, EX, IS, NS, CJ, IN).</summary>
    Closing,

    /// <summary>Opens or closes a quotation, as its neighbors say (QU of category Pi).</summary>
    InitialQuote,

    /// <summary>Closes or opens a quotation, or is an apostrophe, as its neighbors say (QU of category Pf).</summary>
    FinalQuote,

    /// <summary>Stays with what is beside it (other QU).</summary>
    Quote,

    /// <summary>A line may end with it inside a compound word (HY, BA).</summary>
    Hyphen,

    /// <summary>A line may end with it (B2).</summary>
    Dash,

    /// <summary>Stays with the number behind it (PR).</summary>
    Prefix,

    /// <summary>Stays with the number before it (PO).</summary>
    Postfix,

    /// <summary>Stays with what is on both its sides (GL, WJ, ZWJ).</summary>
    Glue,

    /// <summary>A line may be broken here (SP, BA, and what else is white).</summary>
    Space,

    /// <summary>A line may be broken behind it (ZW).</summary>
    ZeroWidthSpace,
}
