use crate::Kind;
use crate::labelled::{LabelledAnswer, LabelledQuestion};

pub const QUESTION: LabelledQuestion = LabelledQuestion {
    name: "overfitting",
    kind: Kind::Text,
    question: "How do you notice that a machine learning model is overfitting, and what can you do about it?",
    key_points: &[
        ("gap between training and validation error / performs worse on unseen data", 2.0),
        ("memorises noise instead of generalising", 1.0),
        ("hold-out set / cross-validation", 1.5),
        ("more training data / augmentation", 1.0),
        ("regularisation / L2 / weight decay / dropout", 1.5),
        ("simpler model / fewer parameters / features", 1.0),
        ("early stopping", 1.0),
    ],
    reference: Some(
        "An overfitted model has memorised noise in the training data and does not generalise. One sees it in the gap between \
         training and validation loss: training error keeps falling while validation error stagnates or rises. That needs a \
         validation set or cross-validation, and a test set that is touched once. Remedies are more data or augmentation, \
         regularisation such as weight decay or dropout, a simpler model with fewer features, and early stopping.",
    ),
    language: None,
    answers: &[
        LabelledAnswer {
            rank: 1,
            text: "I plot the loss on the training set and on a validation set the model never trains on. As long as both fall \
                   it's fine; when training loss keeps going down and validation loss turns upwards, the model has begun to \
                   learn the noise of the sample instead of the pattern. With little data I use k-fold cross-validation, \
                   since a single split may be lucky. What helps most is more, and more varied, data, or augmentation for \
                   images. Then regularisation: weight decay, dropout, for trees a smaller depth. A smaller model or fewer \
                   features. Early stopping is cheap, I'd nearly always turn it on. And I keep a test set aside for the \
                   end, because choosing hyperparameters by the validation score overfits that too.",
        },
        LabelledAnswer {
            rank: 2,
            text: "High accuracy on training data but clearly lower on validation data. Countermeasures: get more data, \
                   regularise (L2, dropout), reduce the complexity of the model, stop early. Cross validation gives a more \
                   reliable picture.",
        },
        LabelledAnswer {
            rank: 3,
            text: "Overfiting is when the modell learns the trainig data by heart and is bad for new data. You can use dropout \
                   against it.",
        },
        LabelledAnswer {
            rank: 4,
            text: "You notice it when the accuracy is bad. Then you need to train for more epochs, or add more layers to the \
                   network, so that the model learns the training data better.",
        },
        LabelledAnswer {
            rank: 5,
            text: "Machine learning is divided into supervised, unsupervised and reinforcement learning. In supervised learning \
                   there are labels, for example for images of cats and dogs. I know TensorFlow and PyTorch and have made a \
                   course on Coursera where we built a neural network that recognises handwritten digits.",
        },
    ],
};
