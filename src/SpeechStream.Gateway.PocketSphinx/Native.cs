using System.Runtime.InteropServices;

namespace SpeechStream.Gateway.PocketSphinx;

/// <summary>The part of PocketSphinx's C API that is used, under its C names.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(NativeLibraries.SphinxBase, EntryPoint = "err_set_logfp")]
    public static partial void SetLogFile(IntPtr file);

    [LibraryImport(NativeLibraries.SphinxBase, EntryPoint = "cmd_ln_parse_r", StringMarshalling = StringMarshalling.Utf8)]
    public static partial IntPtr ParseArguments(IntPtr previous, IntPtr definitions, int count, string[] arguments, int strict);

    [LibraryImport(NativeLibraries.SphinxBase, EntryPoint = "cmd_ln_free_r")]
    public static partial int FreeArguments(IntPtr arguments);

    [LibraryImport(NativeLibraries.SphinxBase, EntryPoint = "logmath_exp")]
    public static partial double Exp(IntPtr logmath, int value);

    [LibraryImport(NativeLibraries.SphinxBase, EntryPoint = "cmn_live_set")]
    public static partial void SetCepstralMean(IntPtr cmn, float* mean);

    [LibraryImport(NativeLibraries.SphinxBase, EntryPoint = "cmn_live_get")]
    public static partial void GetCepstralMean(IntPtr cmn, float* mean);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_args")]
    public static partial IntPtr ArgumentDefinitions();

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_init")]
    public static partial IntPtr Init(IntPtr arguments);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_free")]
    public static partial int Free(IntPtr decoder);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_get_logmath")]
    public static partial IntPtr GetLogMath(IntPtr decoder);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_get_feat")]
    public static partial IntPtr GetFeatures(IntPtr decoder);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_start_stream")]
    public static partial int StartStream(IntPtr decoder);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_start_utt")]
    public static partial int StartUtterance(IntPtr decoder);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_process_raw")]
    public static partial int ProcessRaw(IntPtr decoder, short* samples, nuint count, int noSearch, int fullUtterance);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_end_utt")]
    public static partial int EndUtterance(IntPtr decoder);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_seg_iter")]
    public static partial IntPtr FirstSegment(IntPtr decoder);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_seg_next")]
    public static partial IntPtr NextSegment(IntPtr segment);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_seg_word")]
    public static partial IntPtr WordOf(IntPtr segment);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_seg_frames")]
    public static partial void FramesOf(IntPtr segment, out int first, out int last);

    [LibraryImport(NativeLibraries.PocketSphinx, EntryPoint = "ps_seg_prob")]
    public static partial int ProbabilityOf(IntPtr segment, IntPtr acoustic, IntPtr language, IntPtr backoff);

    /// <summary>The state of cepstral mean normalization, which no function hands out. Its place in the public struct <c>feat_t</c> of
    /// this soname on 64-bit Linux; <see cref="PocketSphinxDecoder"/> checks what it finds there.</summary>
    public static IntPtr CepstralMeanOf(IntPtr features) => *(IntPtr*)(features + 88);
}
