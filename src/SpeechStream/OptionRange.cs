using System.Globalization;
using System.Runtime.CompilerServices;

namespace SpeechStream;

/// <summary>Collects what is wrong with the values of both option records. A message names the option, its value, and the allowed range.</summary>
internal sealed class OptionRange
{
    private readonly List<OptionProblem> _problems = [];

    /// <summary>At most one for each option, in the order of the checks.</summary>
    public IReadOnlyList<OptionProblem> Problems => _problems;

    /// <param name="good">Whether the option has a usable value.</param>
    /// <param name="option">The name of the option.</param>
    /// <param name="problem">What is wrong, as the rest of a sentence that begins with the option.</param>
    /// <param name="comparedWith">Another option that decides about this one. If that one is wrong itself, nothing can be said about this one.</param>
    public void Check(bool good, string option, string problem, string? comparedWith = null)
    {
        if (!good)
        {
            Add(new OptionProblem(option, problem + ".", IsOutOfRange: false), comparedWith);
        }
    }

    /// <inheritdoc cref="Check(bool, string, string, string?)"/>
    public void Check(bool good, string option, [InterpolatedStringHandlerArgument(nameof(good))] ref ProblemText problem, string? comparedWith = null)
    {
        if (!good)
        {
            Check(good, option, problem.ToStringAndClear(), comparedWith);
        }
    }

    public void Check<T>(T value, string option, T least, T most, string? comparedWith = null)
        where T : IComparable<T>
    {
        if (!(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0))
        {
            Add(new OptionProblem(option, string.Create(CultureInfo.InvariantCulture, $"is {value}. Allowed: {least} to {most}."), IsOutOfRange: true), comparedWith);
        }
    }

    /// <summary>The parts of an address that may be printed: not the query or the user, which may be secrets.</summary>
    public static string Printable(Uri? address) =>
        address is { IsAbsoluteUri: true } ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "";

    /// <summary>Allows the secure scheme, and the insecure one only to this machine or with AllowInsecure. Messages never contain the query or the user of the address.</summary>
    public void CheckEndpoint(Uri? endpoint, string option, string insecureScheme, bool allowInsecure)
    {
        if (endpoint is not { IsAbsoluteUri: true, Scheme: var scheme })
        {
            Check(false, option, "isn't an absolute URI");
            return;
        }

        Check(scheme == insecureScheme || scheme == insecureScheme + "s", option, $"has the scheme '{scheme}'. Use {insecureScheme}s");
        Check(
            scheme != insecureScheme || endpoint.IsLoopback || allowInsecure,
            option,
            $"is {scheme}://{endpoint.Host}, which would send the token unencrypted. Use {insecureScheme}s, or set AllowInsecure for a network that you trust");
    }

    /// <exception cref="ArgumentException">An option is wrong. The exception is about the first one.</exception>
    public void ThrowFirst()
    {
        if (_problems is [var first, ..])
        {
            throw first.IsOutOfRange ? new ArgumentOutOfRangeException(first.Option, first.Message) : new ArgumentException(first.Message, first.Option);
        }
    }

    private void Add(OptionProblem problem, string? comparedWith)
    {
        if (!_problems.Exists(known => known.Option == problem.Option || known.Option == comparedWith))
        {
            _problems.Add(problem);
        }
    }

    /// <summary>The text of a problem. It is formatted only when there is one, since all options are checked for each session.</summary>
    [InterpolatedStringHandler]
    public ref struct ProblemText
    {
        private DefaultInterpolatedStringHandler _text;

        public ProblemText(int literalLength, int formattedCount, bool good, out bool isNeeded)
        {
            isNeeded = !good;
            _text = isNeeded ? new(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public string ToStringAndClear() => _text.ToStringAndClear();
    }
}
