using System.Collections.Frozen;

namespace CourseKit.Host.Site;

/// <summary>How a piece of an equation stands among its neighbours; TeX's atom types, as far as spacing needs them.</summary>
internal enum MathKind
{
    None, Ordinary, Function, LargeOperator, Binary, Relation, Open, Close, Punctuation, Fenced, Space,
}

/// <summary>The commands that stand for one character, and what kind of character it is.</summary>
internal static class TexSymbols
{
    /// <summary>Letters and letter-like signs: written as identifiers.</summary>
    public static readonly FrozenDictionary<string, string> Letters = Table(
        "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π " +
        "varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω " +
        "Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω " +
        "partial ∂ nabla ∇ infty ∞ ell ℓ hbar ℏ Re ℜ Im ℑ imath ı jmath ȷ emptyset ∅ varnothing ∅ aleph ℵ top ⊤ bot ⊥ angle ∠ " +
        "% % # # $ $ & & _ _");

    public static readonly FrozenDictionary<string, string> Binaries = Table(
        "cdot ⋅ times × odot ⊙ oplus ⊕ ominus ⊖ otimes ⊗ pm ± mp ∓ div ÷ ast ∗ star ⋆ circ ∘ bullet • cap ∩ cup ∪ setminus ∖ " +
        "land ∧ wedge ∧ lor ∨ vee ∨");

    public static readonly FrozenDictionary<string, string> Relations = Table(
        "in ∈ notin ∉ ni ∋ to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ " +
        "implies ⟹ iff ⟺ longrightarrow ⟶ longleftarrow ⟵ mapsto ↦ uparrow ↑ downarrow ↓ " +
        "leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ ll ≪ gg ≫ approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅ propto ∝ subset ⊂ subseteq ⊆ supset ⊃ " +
        "supseteq ⊇ perp ⟂ parallel ∥ mid ∣ colon : coloneqq ≔ triangleq ≜ doteq ≐");

    /// <summary>Signs without space of their own: quantifiers and dots.</summary>
    public static readonly FrozenDictionary<string, string> Marks = Table(
        "forall ∀ exists ∃ neg ¬ lnot ¬ dots … ldots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ prime ′ dagger †");

    /// <summary>Operators that grow in display style; those in <see cref="SideLimits"/> keep their limits beside them.</summary>
    public static readonly FrozenDictionary<string, string> LargeOperators = Table(
        "sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigodot ⨀ bigotimes ⨂");

    public static readonly FrozenSet<string> SideLimits = Set("int iint oint");

    public static readonly FrozenSet<string> Functions = Set(
        "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth log ln lg exp arg deg det dim gcd hom ker lim limsup liminf max min " +
        "sup inf Pr");

    /// <summary>Functions whose subscript goes below them in display style.</summary>
    public static readonly FrozenSet<string> LimitFunctions = Set("lim limsup liminf max min sup inf det gcd Pr");

    public static readonly FrozenDictionary<string, string> Spaces = Table(
        ", 0.1667em : 0.2222em > 0.2222em ; 0.2778em ! -0.1667em enspace 0.5em quad 1em qquad 2em thinspace 0.1667em");

    /// <summary>Delimiters by command; plain characters stand for themselves. An empty string is the invisible one.</summary>
    public static readonly FrozenDictionary<string, string> Delimiters = Table(
        @"( ( ) ) [ [ ] ] / / | | < ⟨ > ⟩ \{ { \} } \lbrace { \rbrace } \lbrack [ \rbrack ] \langle ⟨ \rangle ⟩ \lvert | \rvert | \vert | " +
        @"\lVert ‖ \rVert ‖ \Vert ‖ \| ‖ \lfloor ⌊ \rfloor ⌋ \lceil ⌈ \rceil ⌉ \backslash \ \uparrow ↑ \downarrow ↓");

    public static readonly FrozenSet<string> OpenDelimiters = Set(@"( [ \{ \lbrace \lbrack \langle \lvert \lVert \lfloor \lceil");

    public static readonly FrozenSet<string> CloseDelimiters = Set(@") ] \} \rbrace \rbrack \rangle \rvert \rVert \rfloor \rceil");

    /// <summary>Sized delimiters: \big and its kin, with the height TeX gives them.</summary>
    public static readonly FrozenDictionary<string, string> Sizes = Table(
        "big 1.2em Big 1.8em bigg 2.4em Bigg 3em bigl 1.2em Bigl 1.8em biggl 2.4em Biggl 3em bigr 1.2em Bigr 1.8em biggr 2.4em Biggr 3em " +
        "bigm 1.2em Bigm 1.8em biggm 2.4em Biggm 3em");

    public static readonly FrozenDictionary<string, string> Accents = Table(
        "hat ^ widehat ^ tilde ~ widetilde ~ bar ¯ vec → dot ˙ ddot ¨ check ˇ breve ˘ acute ´ grave `");

    private static FrozenDictionary<string, string> Table(string pairs)
    {
        var words = pairs.Split(' ');
        return Enumerable.Range(0, words.Length / 2).ToFrozenDictionary(i => words[2 * i], i => words[2 * i + 1]);
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet();
}
