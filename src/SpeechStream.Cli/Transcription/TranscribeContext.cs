using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Transcription;

/// <summary>What all recordings of a run have in common.</summary>
/// <param name="Settings">The command line.</param>
/// <param name="Client">Makes the sessions.</param>
/// <param name="Surroundings">Has standard input.</param>
/// <param name="Screen">For lines on standard error, and transcripts on standard output.</param>
/// <param name="Transcript">Prints events as they come; null where transcripts are written whole.</param>
/// <param name="Progress">Shows how far they are.</param>
/// <param name="Lengths">Of the recordings, as far as they are known.</param>
/// <param name="Turns">One for each session that may run at once.</param>
/// <param name="Begin">Called at each event: something has begun.</param>
internal sealed record TranscribeContext(
    TranscribeSettings Settings, SpeechStreamClient Client, Surroundings Surroundings, Screen Screen, ITranscript? Transcript, Progress Progress, IReadOnlyDictionary<Input, TimeSpan> Lengths, SemaphoreSlim Turns, Action Begin);
